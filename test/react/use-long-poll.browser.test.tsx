import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useState } from 'react'
import { exponential } from 'rxwire'
import { type UseLongPollOptions, useLongPoll } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

const quick = { backoff: exponential({ floorMs: 1, baseMs: 5, capMs: 20, restartMs: 5 }) }
const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Passes the received numbers to `onNumbers`. */
function Feed({ url, onNumbers }: { url: string; onNumbers: (numbers: readonly number[]) => void }) {
  const { data, connection, stop, reconnect } = useLongPoll(url, {
    readCursor: ({ headers }) => headers.get('x-next'),
    sendCursor: { query: 'after' },
    messages: (body) => body as number[],
    decode: Number,
    reconnect: quick,
    initial: [] as number[],
    fold: (all, number) => [...all, number],
  })
  onNumbers(data)
  return (
    <>
      <output aria-label="feed">{`${connection}:${data.length}`}</output>
      <button type="button" onClick={stop}>
        stop
      </button>
      <button type="button" onClick={reconnect}>
        reconnect
      </button>
    </>
  )
}

async function expectText(text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText('feed').textContent)).toMatch(text)
}

it('delivers every message once and in order under StrictMode, and aborts the request when it unmounts', async () => {
  const server = backend()
  let numbers: readonly number[] = []
  const url = server.url('/long-poll/feed', { count: 100, batch: 7, holdMs: 60_000 })
  const { unmount } = render(<Feed url={url} onNumbers={(all) => (numbers = all)} />, { wrapper: StrictMode })
  await expectText('open:100')
  expect(numbers).toEqual(oneTo(100))
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  unmount()
  await server.expectNoConnections()
})

it('resumes from the cursor after a dropped connection, and on reconnect after a stop', async () => {
  const server = backend()
  const proxy = await server.proxy()
  let numbers: readonly number[] = []
  const url = proxy.url('/long-poll/feed', { count: 30, batch: 10, holdMs: 60_000 })
  render(<Feed url={url} onNumbers={(all) => (numbers = all)} />)
  await expectText('open:30')
  const requests = () => act(async () => (await server.stats()).seen.length)
  await expect.poll(requests).toBe(4)
  await proxy.order({ cut: true })
  await expect.poll(requests).toBe(5)
  act(() => screen.getByText('stop').click())
  await expectText('closed:30')
  await server.expectNoConnections()
  act(() => screen.getByText('reconnect').click())
  await expect.poll(requests).toBe(6)
  const { seen } = await server.stats()
  expect(seen.map(({ url }) => /after=(\d+)/.exec(url)?.[1])).toEqual([undefined, '10', '20', '30', '30', '30'])
  expect(numbers).toEqual(oneTo(30))
})

it('calls readCursor, sendCursor, messages and decode of the last render', async () => {
  const server = backend()
  const askedInRender = { cursor: 0, sendCursor: 0, messages: 0, decode: 0 }
  let rerender = () => {}
  function Live() {
    const [renders, setRenders] = useState(0)
    rerender = () => setRenders(renders + 1)
    const note = (name: keyof typeof askedInRender) => {
      askedInRender[name] = renders
    }
    const { data } = useLongPoll(server.url('/long-poll/feed', { count: 1_000_000, batch: 1 }), {
      readCursor: ({ headers }) => {
        note('cursor')
        return headers.get('x-next')
      },
      sendCursor: ({ url }, cursor) => {
        note('sendCursor')
        url.searchParams.set('after', cursor)
      },
      messages: (body) => {
        note('messages')
        return body as number[]
      },
      decode: (number) => {
        note('decode')
        return Number(number)
      },
      keep: 5,
    })
    return <output aria-label="feed">{data.length}</output>
  }
  render(<Live />)
  await expectText('5')
  for (let i = 0; i < 3; i += 1) act(() => rerender())
  await expect
    .poll(() => act(async () => ({ ...askedInRender })))
    .toEqual({ cursor: 3, sendCursor: 3, messages: 3, decode: 3 })
})

it('throws for invalid options during render', () => {
  const originalError = console.error
  console.error = () => {}
  function Mistaken() {
    useLongPoll('/messages', { holdTimeoutMs: -1 })
    return null
  }
  expect(() => render(<Mistaken />)).toThrow(/holdTimeoutMs/)
  console.error = originalError
})

it('uses callbacks that are added later', async () => {
  const server = backend()
  const url = server.url('/long-poll/lines', { count: 1_000_000, batch: 1, everyMs: 10 })
  function Late(options: Pick<UseLongPollOptions<string>, 'decode' | 'messages' | 'endsWhen'>) {
    const { data, connection } = useLongPoll(url, {
      responseType: 'text',
      readCursor: { header: 'x-next' },
      sendCursor: { query: 'after' },
      ...options,
    })
    return <output aria-label="feed">{`${connection}:${data}`}</output>
  }
  const decode = (line: unknown) => `decoded ${line}`
  const { rerender } = render(<Late />)
  await expectText(/^open:\d/)
  rerender(<Late decode={decode} />)
  await expectText(/^open:decoded \d/)
  rerender(<Late decode={decode} messages={() => ['one of several']} />)
  await expectText('open:decoded one of several')
  rerender(<Late endsWhen={() => true} />)
  await expectText(/^closed:\d/)
  await server.expectNoConnections()
})
