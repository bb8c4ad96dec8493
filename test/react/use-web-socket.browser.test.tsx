import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useState } from 'react'
import { createOutbox, isWireError } from 'rxwire'
import { type UseWebSocketOptions, useWebSocket, type WebSocketResult } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'

const because = unable('count the unsent bytes of a socket')

afterEach(cleanup)

type Socket = WebSocketResult<string | undefined, string>
type Options = Omit<UseWebSocketOptions<string, string>, 'decode'>

/** Shows the last message, the connection and the counts. Passes the result of the hook to `expose`. */
function Talk({
  url,
  name = 'talk',
  expose,
  ...options
}: Options & { url: string; name?: string; expose?: (socket: Socket) => void }) {
  const socket = useWebSocket(url, { reconnect: quick, ...options, decode: String })
  expose?.(socket)
  const { connection, data, queued, sent } = socket
  return <output aria-label={name}>{`${connection}:${data}:${queued}:${sent}`}</output>
}

/** Creates elements of a component, and returns the latest result of its hook. */
function talk(url: string, options: Options = {}) {
  let latest: Socket | undefined
  const element = (props: Options & { url?: string } = {}) => (
    <Talk
      url={url}
      {...options}
      {...props}
      expose={(socket) => {
        latest = socket
      }}
    />
  )
  return { element, socket: () => latest as Socket }
}

async function expectText(name: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText(name).textContent)).toMatch(text)
}

it('opens one connection under StrictMode, and closes it with 1000 when it unmounts', async () => {
  const server = backend()
  const { unmount } = render(<Talk url={server.url('/ws/held')} />, { wrapper: StrictMode })
  await expectText('talk', /^open/)
  const { open, seen } = await server.stats()
  expect({ open, seen: seen.length }).toEqual({ open: 1, seen: 1 })
  unmount()
  await server.expectNoConnections()
  expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
})

it('queues a message until the connection opens, and shows the counts', async () => {
  const server = backend()
  const proxy = await server.proxy()
  await proxy.order({ passage: 'refusing' })
  const { element, socket } = talk(proxy.url('/ws/echo'))
  render(element(), { wrapper: StrictMode })
  const sent = socket().send('hello')
  await expectText('talk', /^(?:connecting|waiting):undefined:1:0$/)
  await proxy.order({ passage: 'open' })
  await expectText('talk', 'open:hello:0:1')
  await expect(sent).resolves.toBeUndefined()
})

it('renders at most once per animation frame, for state and counts together', async () => {
  const server = backend()
  const { element, socket } = talk(server.url('/ws/echo'))
  render(element())
  await expectText('talk', /^open/)
  let frame = 0
  let counting = requestAnimationFrame(function count() {
    frame += 1
    counting = requestAnimationFrame(count)
  })
  const commits: number[] = []
  const observer = new MutationObserver(() => commits.push(frame))
  observer.observe(screen.getByLabelText('talk'), { characterData: true, childList: true, subtree: true })
  for (let n = 1; n <= 500; n += 1) {
    socket().send(String(n))
    // Both change in every animation frame.
    if (n % 5 === 0) await new Promise(requestAnimationFrame)
  }
  // Without `act`, which would render outside of animation frames.
  await expect.poll(() => screen.getByLabelText('talk').textContent).toBe('open:500:0:500')
  observer.disconnect()
  cancelAnimationFrame(counting)
  expect(commits.length).toBeGreaterThan(1)
  // React may commit an update of one animation frame after the next one has started.
  for (const [index, atFrame] of commits.entries()) expect(index).toBeLessThanOrEqual(atFrame + 1)
})

it('does not reconnect when inline options and callbacks change identity, and calls the latest ones', async () => {
  const server = backend()
  let rerender = () => {}
  let lastDecoder = 0
  function Inline() {
    const [renders, setRenders] = useState(0)
    rerender = () => setRenders(renders + 1)
    const { data } = useWebSocket(server.url('/ws/feed', { count: 1_000_000, everyMs: 10 }), {
      decode: (text) => {
        lastDecoder = renders
        return Number(text)
      },
      sendOnOpen: () => ['{"after":""}'],
      protocols: ['v1'],
      initial: [] as number[],
      fold: (all, number) => [...all, number],
    })
    return <output aria-label="count">{data.length}</output>
  }
  render(<Inline />)
  await expectText('count', /[1-9]/)
  for (let i = 0; i < 5; i += 1) act(rerender)
  await expect.poll(() => act(async () => lastDecoder)).toBe(5)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('resumes from the last cursor on reconnect after a stop', async () => {
  const server = backend()
  let latest: { stop: () => void; reconnect: () => void } | undefined
  function Numbers() {
    const socket = useWebSocket(server.url('/ws/feed', { count: 60, everyMs: 5 }), {
      decode: String,
      idOf: (message) => message,
      sendOnOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
      initial: [] as string[],
      fold: (all, message) => [...all, message],
    })
    latest = socket
    return <output aria-label="numbers">{`${socket.connection}:${socket.data.join()}`}</output>
  }
  render(<Numbers />, { wrapper: StrictMode })
  await expectText('numbers', /^open:1,2,3/)
  act(() => latest?.stop())
  await expectText('numbers', /^closed/)
  await server.expectNoConnections()
  act(() => latest?.reconnect())
  const all = Array.from({ length: 60 }, (_, n) => n + 1).join()
  await expectText('numbers', `closed:${all}`)
})

it('rejects queued messages when the url changes, and does not send them to the new url', async () => {
  const server = backend()
  const proxy = await server.proxy()
  await proxy.order({ passage: 'refusing' })
  const { element, socket } = talk(proxy.url('/ws/commands'))
  const { rerender } = render(element(), { wrapper: StrictMode })
  await expectText('talk', /^(?:connecting|waiting)/)
  const lost = socket().send('for the first')
  rerender(element({ url: server.url('/ws/commands') }))
  await expect(lost).rejects.toSatisfy((error) => isWireError(error) && error.kind === 'closed')
  await socket().send('for the second')
  await expect.poll(async () => (await server.stats()).received).toEqual(['for the second'])
})

it('rejects a pending send when it unmounts', async () => {
  const server = backend()
  const { element, socket } = talk(server.url('/ws/unavailable'))
  const { unmount } = render(element(), { wrapper: StrictMode })
  const lost = socket().send('too late')
  unmount()
  await expect(lost).rejects.toMatchObject({ kind: 'closed' })
})

it.for([60_000, Number.POSITIVE_INFINITY])('keeps queued messages for a lingerMs of %s', async (lingerMs) => {
  const server = backend()
  const { element, socket } = talk(server.url('/ws/unavailable'), { lingerMs })
  const { unmount } = render(element(), { wrapper: StrictMode })
  let isLost = false
  socket()
    .send('patient')
    .catch(() => {
      isLost = true
    })
  unmount()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect(isLost).toBe(false)
})

it('rejects a send after it has unmounted', async () => {
  const server = backend()
  const { element, socket } = talk(server.url('/ws/held'))
  const { unmount } = render(element(), { wrapper: StrictMode })
  await expectText('talk', /^open/)
  unmount()
  await server.expectNoConnections()
  await expect(socket().send('too late')).rejects.toMatchObject({ kind: 'closed' })
})

it('keeps queued messages in the outbox of the caller for the next connection', async () => {
  const server = backend()
  const outgoing = createOutbox<string>()
  const first = talk(server.url('/ws/unavailable'), { outgoing })
  const { unmount } = render(first.element(), { wrapper: StrictMode })
  const sent = first.socket().send('kept')
  unmount()
  render(talk(server.url('/ws/commands'), { outgoing }).element())
  await expect(sent).resolves.toBeUndefined()
  await expect.poll(async () => (await server.stats()).received).toEqual(['kept'])
})

it.skipIf(because !== '')(`holds messages back while the server reads nothing${because}`, async () => {
  const proxy = await backend().proxy()
  const { element, socket } = talk(proxy.url('/ws/commands'), { highWaterBytes: 65_536 })
  const { unmount } = render(element(), { wrapper: StrictMode })
  await expectText('talk', /^open/)
  await proxy.order({ passage: 'stalled' })
  // More than the kernel takes, and less than an outbox holds.
  const sends = Array.from({ length: 7 }, () =>
    socket()
      .send('x'.repeat(1_048_576))
      .catch(() => {}),
  )
  await expect.poll(() => act(async () => socket().buffered)).toBeGreaterThan(65_536)
  expect(socket().buffered).toBeLessThan(3 * 1_048_576)
  unmount()
  await Promise.all(sends)
})

it('shares one connection and one outbox between components with the same key', async () => {
  const server = backend()
  const Shared = ({ name }: { name: string }) => {
    const shared = useWebSocket(server.url('/ws/echo'), { key: server.key, decode: String })
    return (
      <button type="button" aria-label={name} onClick={() => shared.send(`from ${name}`)}>
        {`${shared.connection}:${shared.data}:${shared.sent}`}
      </button>
    )
  }
  const { unmount } = render(
    <StrictMode>
      <Shared name="one" />
      <Shared name="two" />
    </StrictMode>,
  )
  await expectText('one', /^open/)
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  // The second component opens no connection. It sends over the shared one.
  act(() => screen.getByLabelText('two').click())
  await expectText('one', 'open:from two:1')
  await expectText('two', 'open:from two:1')
  unmount()
  await server.expectNoConnections()
})

it('stays idle while enabled is false, and sends the queued messages when it becomes true', async () => {
  const server = backend()
  const { element, socket } = talk(server.url('/ws/commands'), { enabled: false })
  const { rerender } = render(element(), { wrapper: StrictMode })
  await expectText('talk', /^idle/)
  const sent = socket().send('later')
  await expectText('talk', 'idle:undefined:1:0')
  expect((await server.stats()).seen).toHaveLength(0)
  rerender(element({ enabled: true }))
  await expect(sent).resolves.toBeUndefined()
})

it('throws for invalid options during render', () => {
  const Wrong = () => {
    useWebSocket('/socket', { highWaterBytes: -1 })
    return null
  }
  expect(() => render(<Wrong />)).toThrow(TypeError)
})

it('uses a decode function that is added later', async () => {
  const server = backend()
  const url = server.url('/ws/feed', { count: 1_000_000, everyMs: 10 })
  const sendOnOpen = () => ['{"after":"0"}']
  function Decoded({ decode }: { decode?: (data: string | ArrayBuffer | Blob) => string | ArrayBuffer }) {
    const { data } = useWebSocket(url, { sendOnOpen, decode })
    return <output aria-label="talk">{String(data)}</output>
  }
  const { rerender } = render(<Decoded />)
  await expectText('talk', /^(?!undefined)/)
  rerender(<Decoded decode={(data) => `decoded ${data}`} />)
  await expectText('talk', /^decoded /)
  expect((await server.stats()).seen).toHaveLength(1)
})
