import { act, cleanup, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { type UseDurableStreamOptions, useDurableStream } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'

afterEach(cleanup)

const oneTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Passes the received numbers to `onNumbers`. */
function Feed({ url, onNumbers }: { url: string; onNumbers: (numbers: readonly number[]) => void }) {
  const { data, connection, stop, reconnect } = useDurableStream(url, {
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

it('delivers every message once and in order under StrictMode, and closes the connection when it unmounts', async () => {
  const server = backend()
  let numbers: readonly number[] = []
  const url = server.url('/durable/numbers', { count: 100, hold: 1 })
  const { unmount } = render(<Feed url={url} onNumbers={(all) => (numbers = all)} />, { wrapper: StrictMode })
  await expectText('open:100')
  expect(numbers).toEqual(oneTo(100))
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  unmount()
  await server.expectNoConnections()
})

it('continues at the last offset after a dropped connection, and on reconnect after a stop', async () => {
  const server = backend()
  const proxy = await server.proxy()
  let numbers: readonly number[] = []
  render(<Feed url={proxy.url('/durable/numbers', { count: 30, hold: 1 })} onNumbers={(all) => (numbers = all)} />)
  await expectText('open:30')
  const requests = () => act(async () => (await server.stats()).seen.length)
  await expect.poll(requests).toBe(2)
  await proxy.order({ cut: true })
  await expect.poll(requests).toBe(3)
  act(() => screen.getByText('stop').click())
  await expectText('closed:30')
  await server.expectNoConnections()
  act(() => screen.getByText('reconnect').click())
  await expect.poll(requests).toBe(5)
  const { seen } = await server.stats()
  const asked = seen.map(({ url }) => [/live=(\w+)/.exec(url)?.[1], /offset=(-?\d+)/.exec(url)?.[1]].join(' '))
  expect(asked).toEqual([' -1', 'sse 0', 'sse 30', ' 30', 'sse 30'])
  expect(numbers).toEqual(oneTo(30))
})

it('completes when the stream is closed', async () => {
  let numbers: readonly number[] = []
  const url = backend().url('/durable/numbers', { count: 30 })
  render(<Feed url={url} onNumbers={(all) => (numbers = all)} />)
  await expectText('closed:30')
  expect(numbers).toEqual(oneTo(30))
})

it('throws for invalid options during render', () => {
  const originalError = console.error
  console.error = () => {}
  function Mistaken() {
    useDurableStream('/stream', { holdTimeoutMs: -1 })
    return null
  }
  expect(() => render(<Mistaken />)).toThrow(/holdTimeoutMs/)
  console.error = originalError
})

it('uses callbacks that are added later', async () => {
  const server = backend()
  const url = server.url('/durable/numbers', { count: 1_000_000, everyMs: 10 })
  function Late(options: Pick<UseDurableStreamOptions<unknown>, 'decode' | 'endsWhen'>) {
    const { data, connection } = useDurableStream(url, options)
    return <output aria-label="feed">{`${connection}:${data}`}</output>
  }
  const { rerender } = render(<Late />)
  await expectText(/^open:\d/)
  rerender(<Late decode={(number) => `decoded ${number}`} />)
  await expectText(/^open:decoded \d/)
  rerender(<Late endsWhen={() => true} />)
  await expectText(/^closed:/)
  await server.expectNoConnections()
})
