import { cleanup, render } from '@testing-library/react'
import { Activity, type ReactNode, StrictMode } from 'react'
import { fromFetchStream, text } from 'rxwire'
import { useEventSource, useFetchStream, useWebSocket } from 'rxwire/react'
import { afterEach, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { expectText, hasActivity, textOf } from './support.tsx'

afterEach(cleanup)

/** Renders the children under StrictMode, in an `Activity` that can be hidden and shown again. */
function hideable(children: ReactNode) {
  const page = (mode: 'visible' | 'hidden') => (
    <StrictMode>
      <Activity mode={mode}>{children}</Activity>
    </StrictMode>
  )
  const { rerender } = render(page('visible'))
  return { hide: () => rerender(page('hidden')), show: () => rerender(page('visible')) }
}

const addNumber = { decode: Number, initial: [] as number[], fold: (all: number[], n: number) => [...all, n] }

function Numbers({ url, lingerMs }: { url: string; lingerMs?: number }) {
  const { data, connection } = useEventSource(url, { ...addNumber, reconnect: quick, lingerMs })
  const isWhole = data.every((n, index) => n === index + 1)
  return <output aria-label="numbers">{`${connection}:${isWhole ? data.length : data.join()}`}</output>
}

it.runIf(hasActivity)(
  'closes the connection while it is hidden, and resumes from the cursor when it is shown again',
  async () => {
    const server = backend()
    const { hide, show } = hideable(<Numbers url={server.url('/sse/feed', { count: 200, everyMs: 5 })} />)
    await expectText('numbers', /^open:[1-9]/)
    hide()
    await server.expectNoConnections()
    expect(textOf('numbers')).toBeUndefined()
    show()
    await expectText('numbers', 'closed:200')
    const { seen } = await server.stats()
    // The server ends the stream, the client reconnects, and a 204 tells it to stop.
    expect(seen.map(({ lastEventId }) => lastEventId === undefined)).toEqual([true, false, false])
  },
)

it.runIf(hasActivity)('keeps the connection of a hidden component open for lingerMs', async () => {
  const server = backend()
  const url = server.url('/sse/feed', { count: 100, everyMs: 5, hold: 1 })
  const { hide, show } = hideable(<Numbers url={url} lingerMs={60_000} />)
  await expectText('numbers', /^open:[1-9]/)
  hide()
  await new Promise((resolve) => setTimeout(resolve, 200))
  show()
  await expectText('numbers', 'open:100')
  expect((await server.stats()).seen).toHaveLength(1)
})

it.runIf(hasActivity)('does not reconnect a completed feed that is hidden and shown again', async () => {
  const server = backend()
  const { hide, show } = hideable(<Numbers url={server.url('/sse/feed', { count: 3 })} />)
  await expectText('numbers', 'closed:3')
  const { length } = (await server.stats()).seen
  hide()
  await server.expectNoConnections()
  show()
  await expectText('numbers', 'closed:3')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await server.stats()).seen).toHaveLength(length)
})

it.runIf(hasActivity)('closes a socket while it is hidden, and opens another when it is shown', async () => {
  const server = backend()
  function Socket() {
    const { connection } = useWebSocket(server.url('/ws/held'))
    return <output aria-label="socket">{connection}</output>
  }
  const { hide, show } = hideable(<Socket />)
  await expectText('socket', 'open')
  hide()
  await server.expectNoConnections()
  show()
  await expectText('socket', 'open')
  expect((await server.stats()).closes).toEqual([{ code: 1000, reason: '' }])
})

it.runIf(hasActivity)('does not repeat a request that was aborted when the component was hidden', async () => {
  const server = backend()
  let start = () => {}
  function Answer() {
    const url = server.url('/stream/answer', { words: 1_000, everyMs: 20 })
    const answer = useFetchStream(() => fromFetchStream(url, { method: 'POST', decode: text() }), {
      initial: '',
      fold: (all, piece) => all + piece,
    })
    start = answer.start
    return <output aria-label="answer">{`${answer.connection}:${answer.data.length > 0}`}</output>
  }
  const { hide, show } = hideable(<Answer />)
  start()
  await expectText('answer', 'open:true')
  hide()
  await server.expectNoConnections()
  show()
  await expectText('answer', 'idle:true')
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await server.stats()).seen).toHaveLength(1)
  start()
  await expectText('answer', 'open:true')
  expect((await server.stats()).seen).toHaveLength(2)
})
