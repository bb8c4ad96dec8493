import { act, cleanup, render, screen } from '@testing-library/react'
import { type ReactNode, StrictMode, useEffect, useState } from 'react'
import { HttpError, json, type WireState } from 'rxwire'
import { type UseEventSourceOptions, useEventSource } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'

afterEach(cleanup)

/** Shows the last message and the connection. */
function Feed({ url, name = 'feed', ...options }: { url: string; name?: string } & UseEventSourceOptions<string>) {
  const { data, connection } = useEventSource(url, options)
  return (
    <output aria-label={name}>
      {connection}:{String(data)}
    </output>
  )
}

function SharedFeed({ name, url, sharedBy }: { name: string; url: string; sharedBy: string }) {
  const { data, connection } = useEventSource(url, { key: sharedBy })
  return <output aria-label={name}>{`${connection}:${data}`}</output>
}

/** Waits until the element shows the text, letting React render. */
async function expectText(name: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText(name).textContent)).toMatch(text)
}

it('opens one connection under StrictMode', async () => {
  const server = backend()
  render(<Feed url={server.url('/sse/held')} />, { wrapper: StrictMode })
  await expectText('feed', /^open/)
  const { open, peak, seen } = await server.stats()
  expect({ open, peak, seen: seen.length }).toEqual({ open: 1, peak: 1, seen: 1 })
})

it('closes the connection when it unmounts', async () => {
  const server = backend()
  const { unmount } = render(<Feed url={server.url('/sse/held')} />, { wrapper: StrictMode })
  await expectText('feed', /^open/)
  unmount()
  await server.expectNoConnections()
})

it('does not reconnect when inline options and callbacks change identity', async () => {
  const server = backend()
  let rerender = () => {}
  let lastDecoder = 0
  function Inline() {
    const [renders, setRenders] = useState(0)
    rerender = () => setRenders(renders + 1)
    const { data } = useEventSource(server.url('/sse/feed', { count: 1_000_000, everyMs: 10 }), {
      headers: { 'x-render': String(renders) },
      decode: (text) => {
        lastDecoder = renders
        return Number(text)
      },
      reconnect: { ...quick },
      initial: [] as number[],
      fold: (all, number) => [...all, number],
    })
    return <output aria-label="count">{data.length}</output>
  }
  render(<Inline />)
  await expectText('count', /[1-9]/)
  for (let i = 0; i < 5; i += 1) act(rerender)
  // The callbacks of the last render run on the connection of the first render.
  await expect.poll(() => act(async () => lastDecoder)).toBe(5)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('sends the headers of the last render when it reconnects', async () => {
  const server = backend()
  const proxy = await server.proxy()
  const url = proxy.url('/sse/feed', { count: 1_000_000, everyMs: 10 })
  const element = (token: string) => <Feed url={url} headers={{ authorization: token }} reconnect={quick} />
  const { rerender } = render(element('first'))
  await expectText('feed', /^open:\d/)
  rerender(element('second'))
  await proxy.order({ cut: true })
  await expect
    .poll(() => act(async () => (await server.stats()).seen.map(({ authorization }) => authorization)))
    .toEqual(['first', 'second'])
})

it('sends a token that becomes available after the first attempt has started', async () => {
  const server = backend()
  const element = (token: string | undefined) => (
    <Feed
      url={server.url('/sse/authorized', { valid: 'fresh' })}
      headers={token === undefined ? undefined : { authorization: `Bearer ${token}` }}
      reconnect={{
        ...quick,
        shouldRetry: (error) => (error instanceof HttpError && error.status === 401) || undefined,
      }}
    />
  )
  const { rerender } = render(element(undefined))
  await expect.poll(() => act(async () => (await server.stats()).seen.length)).toBeGreaterThan(0)
  rerender(element('fresh'))
  await expectText('feed', 'let in')
})

it('connects again when the url changes, and closes the first connection', async () => {
  const server = backend()
  const url = (events: string) => server.url('/sse/held', { events: `data: ${events}\n\n` })
  const { rerender } = render(<Feed url={url('one')} />, { wrapper: StrictMode })
  await expectText('feed', 'open:one')
  rerender(<Feed url={url('two')} />)
  await expectText('feed', 'open:two')
  await expect.poll(async () => (await server.stats()).open).toBe(1)
})

it('connects again when the url changes and the key stays the same', async () => {
  const server = backend()
  const element = (events: string) => (
    <SharedFeed name="shared" url={server.url('/sse/held', { events: `data: ${events}\n\n` })} sharedBy={server.key} />
  )
  const { rerender } = render(element('one'), { wrapper: StrictMode })
  await expectText('shared', 'open:one')
  rerender(element('two'))
  await expectText('shared', 'open:two')
  await expect.poll(async () => (await server.stats()).open).toBe(1)
})

it('shares one connection between components with the same key, and shows a late one the current state', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'id: 1\ndata: hello\n\n' })
  const app = (late: ReactNode) => (
    <StrictMode>
      <Feed url={url} name="early" key="early" />
      {late}
    </StrictMode>
  )
  const Shared = ({ name }: { name: string }) => <SharedFeed name={name} url={url} sharedBy={server.key} />
  const { rerender, unmount } = render(app(<Shared name="first" />))
  await expectText('first', 'open:hello')
  rerender(
    app(
      <>
        <Shared name="first" />
        <Shared name="second" />
      </>,
    ),
  )
  // No polling: the state is in the first render.
  expect(screen.getByLabelText('second').textContent).toBe('open:hello')
  // One for the shared key, one for the component without a key.
  expect((await server.stats()).seen).toHaveLength(2)
  unmount()
  await server.expectNoConnections()
})

it('keeps the connection open for lingerMs after it unmounts, as between two routes', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'id: 1\ndata: hello\n\n' })
  function Route({ name }: { name: string }) {
    const { data, connection } = useEventSource(url, { key: server.key, lingerMs: 60_000 })
    return <output aria-label={name}>{`${connection}:${data}`}</output>
  }
  const { rerender } = render(<Route key="home" name="home" />, { wrapper: StrictMode })
  await expectText('home', 'open:hello')
  rerender(<p>on the way</p>)
  await new Promise((resolve) => setTimeout(resolve, 200))
  rerender(<Route key="elsewhere" name="elsewhere" />)
  // No polling: the state is in the first render.
  expect(screen.getByLabelText('elsewhere').textContent).toBe('open:hello')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('folds every message, and renders at most once per animation frame', async () => {
  const count = 20_000
  const server = backend()
  const seen: number[] = []
  let renders = 0
  let frames = 0
  let isCounting = true
  requestAnimationFrame(function next() {
    frames += 1
    if (isCounting) requestAnimationFrame(next)
  })
  function Firehose() {
    renders += 1
    const { data, connection } = useEventSource(server.url('/sse/feed', { count }), {
      reconnect: quick,
      decode: Number,
      initial: 0,
      fold: (_, number) => {
        seen.push(number)
        return number
      },
    })
    return <output aria-label="firehose">{`${connection}:${data}`}</output>
  }
  // Outside `act`, which defers renders until it ends. This test counts the renders of a real page.
  const { IS_REACT_ACT_ENVIRONMENT } = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false })
  render(<Firehose />)
  await expect.poll(() => screen.getByLabelText('firehose').textContent).toBe(`closed:${count}`)
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT })
  isCounting = false
  expect(seen).toHaveLength(count)
  expect(seen.every((number, index) => number === index + 1)).toBe(true)
  // Two more: the first render, and the fallback timer for an animation frame that does not fire.
  expect(renders).toBeLessThanOrEqual(frames + 2)
  expect(renders).toBeGreaterThan(1)
})

it('keeps the last n messages in an array that stays the same object until the next message', async () => {
  const proxy = await backend().proxy()
  const arrays = new Set<readonly string[]>()
  let rerender = () => {}
  function Last() {
    const [, force] = useState({})
    rerender = () => force({})
    const { data, connection } = useEventSource(proxy.url('/sse/feed', { count: 50, everyMs: 10, hold: 1 }), {
      keep: 3,
      reconnect: quick,
    })
    if (data.at(-1) === '50') arrays.add(data)
    return <output aria-label="last">{`${connection}:${data.join()}`}</output>
  }
  render(<Last />)
  await expectText('last', 'open:48,49,50')
  await proxy.order({ cut: true })
  // The connection was cut, retried and closed. The data did not change.
  await expectText('last', 'closed:48,49,50')
  act(() => rerender())
  expect(arrays.size).toBe(1)
})

it('does not connect while enabled is false, and closes when it becomes false', async () => {
  const server = backend()
  const element = (enabled: boolean) => <Feed url={server.url('/sse/held')} enabled={enabled} />
  const { rerender } = render(element(false))
  await expectText('feed', /^idle/)
  rerender(element(true))
  await expectText('feed', /^open/)
  rerender(element(false))
  // No polling: the render that disables it shows idle.
  expect(screen.getByLabelText('feed').textContent).toBe('idle:undefined')
  await server.expectNoConnections()
  expect((await server.stats()).seen).toHaveLength(1)
})

it('stays closed after stop, and resumes from the cursor on reconnect', async () => {
  const server = backend()
  let controls: { stop: () => void; reconnect: () => void } | undefined
  let numbers: readonly number[] = []
  let state: WireState<unknown>['connection'] = 'idle'
  function Controlled() {
    const { data, connection, stop, reconnect } = useEventSource(server.url('/sse/feed', { count: 60, everyMs: 5 }), {
      reconnect: quick,
      decode: Number,
      initial: [] as number[],
      fold: (all, number) => [...all, number],
    })
    controls = { stop, reconnect }
    numbers = data
    state = connection
    return null
  }
  render(<Controlled />)
  await expect.poll(() => act(async () => numbers.length)).toBeGreaterThan(5)
  act(() => controls?.stop())
  await server.expectNoConnections()
  await expect.poll(() => act(async () => state)).toBe('closed')
  act(() => dispatchEvent(new Event('online')))
  expect((await server.stats()).open).toBe(0)
  act(() => controls?.reconnect())
  await expect.poll(() => act(async () => numbers.length)).toBe(60)
  expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
})

it('shows a failure, and connects again on reconnect', async () => {
  const server = backend()
  let reconnect = () => {}
  function Failing() {
    const { connection, error, ...result } = useEventSource(server.url('/sse/html'))
    reconnect = result.reconnect
    return <output aria-label="failing">{`${connection}:${error?.kind}`}</output>
  }
  render(<Failing />)
  await expectText('failing', 'failed:http')
  act(() => reconnect())
  await expect.poll(() => act(async () => (await server.stats()).seen.length)).toBe(2)
})

it('throws for invalid options during render', () => {
  const originalError = console.error
  console.error = () => {}
  expect(() => render(<Feed url="http://[" />)).toThrow(TypeError)
  expect(() => render(<Feed url="/feed" engine={'telepathy' as never} />)).toThrow(/engine.*telepathy/)
  console.error = originalError
})

it('returns stable stop and reconnect functions that act on the current connection', async () => {
  const server = backend()
  const controls = new Set<() => void>()
  function Controlled({ of }: { of: string }) {
    const { connection, stop, reconnect } = useEventSource(server.url('/sse/held', { of }))
    useEffect(() => {
      controls.add(stop).add(reconnect)
    })
    return <output aria-label="feed">{connection}</output>
  }
  const { rerender } = render(<Controlled of="one" />, { wrapper: StrictMode })
  await expectText('feed', 'open')
  rerender(<Controlled of="two" />)
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  await expectText('feed', 'open')
  const [stop, reconnect] = controls
  act(() => stop?.())
  await expectText('feed', 'closed')
  await server.expectNoConnections()
  act(() => reconnect?.())
  await expectText('feed', 'open')
  expect((await server.stats()).seen.at(-1)?.url).toContain('of=two')
  expect(controls.size).toBe(2)
})

it('uses a decode function that is added later, and stops using it when it is removed', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 10 })
  const decode = (text: string) => `decoded ${text}`
  const { rerender } = render(<Feed url={url} />)
  await expectText('feed', /^open:\d/)
  rerender(<Feed url={url} decode={decode} />)
  await expectText('feed', /^open:decoded \d/)
  rerender(<Feed url={url} />)
  await expectText('feed', /^open:\d/)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('tells events apart by name, and decodes them with the decoders of the last render', async () => {
  const server = backend()
  function Numbers({ factor }: { factor: number }) {
    const { data } = useEventSource(server.url('/sse/feed', { count: 10_000, everyMs: 5 }), {
      events: { message: (text) => Number(text) * factor, other: json<string>() },
      reconnect: quick,
    })
    return (
      <output aria-label="feed">{data?.name === 'message' ? `${data.name}:${Math.sign(data.data)}` : 'none'}</output>
    )
  }
  const { rerender } = render(<Numbers factor={1} />)
  await expectText('feed', 'message:1')
  rerender(<Numbers factor={-1} />)
  await expectText('feed', 'message:-1')
  expect((await server.stats()).seen).toHaveLength(1)
})
