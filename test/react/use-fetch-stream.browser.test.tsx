import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode, useEffect } from 'react'
import { fromFetchStream, sse } from 'rxwire'
import { useFetchStream } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

interface AnswerProps {
  readonly url: (words: number) => string
  readonly lingerMs?: number
  readonly onCommit?: (stop: () => void) => void
}

/** Shows the state of the stream, with buttons that start and stop it. */
function Answer({ url, lingerMs, onCommit }: AnswerProps) {
  const { data, start, stop, connection, error } = useFetchStream(
    (words: number) => fromFetchStream(url(words), { method: 'POST', decode: sse(), endMarker: '[DONE]' }),
    { initial: 0, fold: (count) => count + 1, lingerMs },
  )
  useEffect(() => {
    onCommit?.(stop)
  })
  return (
    <>
      <output aria-label="answer">{`${connection}:${data}:${error?.kind}`}</output>
      <button type="button" onClick={() => start(3)}>
        three
      </button>
      <button type="button" onClick={() => start(1_000)}>
        thousand
      </button>
      <button type="button" onClick={stop}>
        stop
      </button>
      <button
        type="button"
        onClick={() => {
          start(3)
          stop()
        }}
      >
        start and stop
      </button>
    </>
  )
}

function press(name: string): void {
  act(() => screen.getByText(name).click())
}

async function expectText(text: string | RegExp): Promise<void> {
  await expect.poll(() => act(async () => screen.getByLabelText('answer').textContent)).toMatch(text)
}

it('sends no request before start, and one for each start', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words })} />, { wrapper: StrictMode })
  await expectText('idle:0:undefined')
  expect((await server.stats()).seen).toHaveLength(0)
  press('three')
  await expectText('closed:3:undefined')
  // A start with the same argument sends another request.
  press('three')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  await expectText('closed:3:undefined')
})

it('stops, and keeps the received data', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words, everyMs: 10 })} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('stop')
  await expectText(/^closed:[1-9]/)
  await server.expectNoConnections()
})

it('aborts the running request on the next start, and resets the data', async () => {
  const server = backend()
  const url = (words: number) => server.url('/stream/answer', { words, everyMs: words > 3 ? 10 : 0 })
  render(<Answer url={url} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('three')
  await expectText('closed:3:undefined')
  await server.expectNoConnections()
})

it('shows the received data and the error of a truncated response', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words, truncate: 2 })} />, { wrapper: StrictMode })
  press('three')
  await expectText('failed:2:truncated')
  expect((await server.stats()).seen).toHaveLength(1)
})

it('aborts when it unmounts', async () => {
  const server = backend()
  const url = (words: number) => server.url('/stream/answer', { words, everyMs: 10 })
  const { unmount } = render(<Answer url={url} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  unmount()
  await server.expectNoConnections()
})

it('sends no request when stop follows start in the same tick', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words })} />, { wrapper: StrictMode })
  press('start and stop')
  await expectText('closed:0:undefined')
  expect((await server.stats()).seen).toHaveLength(0)
  press('three')
  await expectText('closed:3:undefined')
})

it('aborts the running request when stop follows a second start in the same tick', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words, everyMs: 10 })} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('start and stop')
  await expectText('closed:0:undefined')
  await server.expectNoConnections()
  expect((await server.stats()).seen).toHaveLength(1)
})

it('returns a stable stop function that stops the running request', async () => {
  const server = backend()
  const stops = new Set<() => void>()
  const url = (words: number) => server.url('/stream/answer', { words, everyMs: 10 })
  render(<Answer url={url} onCommit={(stop) => stops.add(stop)} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  const [first] = stops
  act(() => first?.())
  await expectText(/^closed:[1-9]/)
  await server.expectNoConnections()
  expect(stops.size).toBe(1)
})

it('lingers after it unmounts, but not on the next start', async () => {
  const server = backend()
  const url = (words: number) => server.url('/stream/answer', { words, everyMs: 10 })
  const { unmount } = render(<Answer url={url} lingerMs={6_000} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('thousand')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  // A lingering first request would stay open for longer than this poll waits.
  await expect.poll(async () => (await server.stats()).open, { timeout: 5_000 }).toBe(1)
  await expectText(/^open:[1-9]/)
  unmount()
  expect((await server.stats()).open).toBe(1)
  await server.expectNoConnections()
})
