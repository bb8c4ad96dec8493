import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { fromFetchStream, sse } from 'rxwire'
import { useFetchStream } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'

afterEach(cleanup)

/** Shows an answer, with its two buttons. */
function Answer({ url }: { url: (words: number) => string }) {
  const { data, start, stop, connection, error } = useFetchStream(
    (words: number) =>
      fromFetchStream(url(words), { method: 'POST', decode: sse(), endsWhen: ({ data }) => data === '[DONE]' }),
    { initial: 0, fold: (count) => count + 1 },
  )
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
