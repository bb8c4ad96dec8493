import { cleanup, render } from '@testing-library/react'
import { StrictMode, useState } from 'react'
import { fromFetchStream, text, type WireCallbacks } from 'rxwire'
import { useEventSource, useFetchStream, useSuspenseWire, useWebSocket, useWire, useXhr } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { expectText } from './support.tsx'

afterEach(cleanup)

/** Callbacks that note their names and messages. */
function noted() {
  const calls: string[] = []
  const callbacks: WireCallbacks<unknown> = {
    onMessage: (message, { id }) => calls.push(`message ${message} ${id}`),
    onOpen: ({ status }) => calls.push(`open ${status}`),
    onError: ({ kind }, { isFinal }) => calls.push(`error ${kind} ${isFinal}`),
    onClose: ({ wasClean }) => calls.push(`close ${wasClean}`),
  }
  return { calls, callbacks }
}

it('calls the callbacks once for each event under StrictMode, in the order of the events', async () => {
  const proxy = await backend().proxy()
  const url = proxy.url('/sse/feed', { count: 3, everyMs: 10, hold: 1 })
  const { calls, callbacks } = noted()
  const Feed = () => (
    <output aria-label="feed">{useEventSource(url, { reconnect: quick, ...callbacks }).connection}</output>
  )
  render(<Feed />, { wrapper: StrictMode })
  await expect.poll(() => calls.at(-1)).toBe('message 3 3')
  await proxy.order({ cut: true })
  await expectText('feed', 'closed')
  expect(calls.slice(0, 5)).toEqual(['open 200', 'message 1 1', 'message 2 2', 'message 3 3', 'error network false'])
  expect(calls.at(-1)).toBe('close true')
  expect(calls.filter((call) => call.startsWith('message'))).toHaveLength(3)
})

it('calls the callback of the last render, also one that is added later, on the same connection', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 1_000_000, everyMs: 10 })
  const seen: string[] = []
  const Feed = ({ name }: { name?: string }) => {
    const [count, setCount] = useState(0)
    const onMessage = () => {
      seen.push(`${name} in render ${count}`)
      setCount(count + 1)
    }
    useEventSource(url, name === undefined ? {} : { onMessage })
    return <output aria-label="count">{count}</output>
  }
  const { rerender } = render(<Feed />)
  await expect.poll(async () => (await server.stats()).open).toBe(1)
  expect(seen).toEqual([])
  rerender(<Feed name="added" />)
  await expectText('count', /^[1-9]/)
  rerender(<Feed name="changed" />)
  await expect.poll(() => seen.at(-1)).toMatch(/^changed in render [2-9]/)
  expect((await server.stats()).seen).toHaveLength(1)
})

it('calls the callbacks of each component that shares a key', async () => {
  const server = backend()
  const url = server.url('/sse/held', { events: 'id: 1\ndata: hello\n\n' })
  const [first, second] = [noted(), noted()]
  const Part = ({ callbacks }: { callbacks: WireCallbacks<unknown> }) => {
    useEventSource(url, { key: server.key, ...callbacks })
    return null
  }
  render(
    <>
      <Part callbacks={first.callbacks} />
      <Part callbacks={second.callbacks} />
    </>,
  )
  for (const { calls } of [first, second]) await expect.poll(() => calls).toEqual(['open 200', 'message hello 1'])
  expect((await server.stats()).seen).toHaveLength(1)
})

it('calls no callback after an unmount', async () => {
  const server = backend()
  const { calls, callbacks } = noted()
  const Feed = () => {
    useEventSource(server.url('/sse/held'), callbacks)
    return null
  }
  const { unmount } = render(<Feed />)
  await expect.poll(() => calls).toEqual(['open 200'])
  unmount()
  await server.expectNoConnections()
  expect(calls).toEqual(['open 200'])
})

it('reports a failure that ends the wire as final', async () => {
  const url = backend().url('/sse/html')
  const { calls, callbacks } = noted()
  const Feed = () => {
    useEventSource(url, callbacks)
    return null
  }
  render(<Feed />)
  await expect.poll(() => calls.at(-1)).toBe('error http true')
  expect(calls.filter((call) => call.startsWith('error'))).toHaveLength(1)
})

it('types the message of each hook', async () => {
  const server = backend()
  const seen: string[] = []
  const All = () => {
    const { start: load } = useXhr<{ name: string }>(server.url('/http/json'), {
      onMessage: ({ name }) => seen.push(`xhr ${name.length > 0}`),
    })
    const { start: stream } = useFetchStream(() => fromFetchStream(server.url('/http/json'), { decode: text() }), {
      onMessage: (piece) => seen.push(`stream ${piece.startsWith('{')}`),
      onClose: () => seen.push('stream closed'),
    })
    useWebSocket(server.url('/ws/echo').replace('http', 'ws'), {
      decode: Number,
      keep: 3,
      onMessage: (echo) => seen.push(`socket ${echo.toFixed(1)}`),
      sendOnOpen: () => '7',
    })
    useWire(() => fromFetchStream(server.url('/http/json'), { decode: text() }), {
      onMessage: (piece) => seen.push(`wire ${piece.length > 0}`),
    })
    return (
      <button type="button" aria-label="start" onClick={() => [load(), stream()]}>
        start
      </button>
    )
  }
  const { getByLabelText } = render(<All />)
  getByLabelText('start').click()
  const expected = ['socket 7.0', 'stream closed', 'stream true', 'wire true', 'xhr true']
  await expect.poll(() => [...seen].sort()).toEqual(expected)
})

it('calls the callbacks of a component that has suspended for later events', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 5, everyMs: 50 })
  const { calls, callbacks } = noted()
  const News = () => {
    const source = () => fromFetchStream(url, { decode: text() })
    return <output aria-label="news">{useSuspenseWire(source, { key: server.key, ...callbacks }).data}</output>
  }
  render(<News />)
  await expect.poll(() => calls.at(-1)).toBe('close true')
  expect(calls.length).toBeGreaterThan(1)
})
