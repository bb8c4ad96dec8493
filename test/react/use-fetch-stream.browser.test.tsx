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

/** Shows an answer, with its two buttons. */
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

it('asks nothing before it is started, and once for each start', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words })} />, { wrapper: StrictMode })
  await expectText('idle:0:undefined')
  expect((await server.stats()).seen).toHaveLength(0)
  press('three')
  await expectText('closed:3:undefined')
  // The same question once more is a question once more.
  press('three')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  await expectText('closed:3:undefined')
})

it('stops, and keeps what has come', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words, everyMs: 10 })} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('stop')
  await expectText(/^closed:[1-9]/)
  await server.expectNoConnections()
})

it('leaves an answer for the next one, and begins anew', async () => {
  const server = backend()
  const url = (words: number) => server.url('/stream/answer', { words, everyMs: words > 3 ? 10 : 0 })
  render(<Answer url={url} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('three')
  await expectText('closed:3:undefined')
  await server.expectNoConnections()
})

it('shows what has come of an answer that was cut off, and why', async () => {
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

it('stops what was started in the same breath, before it is asked', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words })} />, { wrapper: StrictMode })
  press('start and stop')
  await expectText('closed:0:undefined')
  expect((await server.stats()).seen).toHaveLength(0)
  press('three')
  await expectText('closed:3:undefined')
})

it('leaves what is under way for what was started and stopped in one breath', async () => {
  const server = backend()
  render(<Answer url={(words) => server.url('/stream/answer', { words, everyMs: 10 })} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('start and stop')
  await expectText('closed:0:undefined')
  await server.expectNoConnections()
  expect((await server.stats()).seen).toHaveLength(1)
})

it('stops what is under way with the stop of any render', async () => {
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

it('lingers when it unmounts, and never for the next start', async () => {
  const server = backend()
  const url = (words: number) => server.url('/stream/answer', { words, everyMs: 10 })
  const { unmount } = render(<Answer url={url} lingerMs={3_000} />, { wrapper: StrictMode })
  press('thousand')
  await expectText(/^open:[1-9]/)
  press('thousand')
  await expect.poll(async () => (await server.stats()).seen.length).toBe(2)
  // Both would be open for longer than this is polled for, were the first one lingering.
  await expect.poll(async () => (await server.stats()).open, { timeout: 2_000 }).toBe(1)
  await expectText(/^open:[1-9]/)
  unmount()
  expect((await server.stats()).open).toBe(1)
  await server.expectNoConnections()
})
