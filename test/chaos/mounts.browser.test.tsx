import { StrictMode, useEffect } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { fromFetchStream, ndjson } from 'rxwire'
import { useEventSource, useFetchStream, useLongPoll, useWebSocket } from 'rxwire/react'
import { expect, inject, it, onTestFailed } from 'vitest'
import { backend } from '../backend.ts'
import { heapBytes } from '../devtools.ts'
import { seededRandom } from '../server/random.ts'
import { pendingTimers } from './pending-timers.ts'

const MOUNTS = 10_000
const WARM = 2_000

it('10,000 mounts and unmounts leak no connection, no timer and no memory', async () => {
  const random = seededRandom(inject('seed'))
  const pick = <T,>(choices: readonly T[]) => choices[Math.floor(random() * choices.length)] as T
  const server = backend()
  const urls = {
    eventSource: server.url('/sse/held', { events: 'id: 1\ndata: 1\n\n' }),
    longPoll: server.url('/long-poll/feed', { count: 1, holdMs: 60_000 }),
    stream: server.url('/stream/ndjson', { stallAfter: 3 }),
    socket: server.url('/ws/held'),
  }
  const components = [
    () => useEventSource(urls.eventSource).connection,
    () => useLongPoll(urls.longPoll, { readCursor: { header: 'x-next' }, sendCursor: { query: 'after' } }).connection,
    () => useWebSocket(urls.socket).connection,
    () => {
      const { connection, start } = useFetchStream(() => fromFetchStream(urls.stream, { decode: ndjson() }))
      useEffect(() => start(), [start])
      return connection
    },
  ]

  const timers = pendingTimers()
  let mounts = 0
  let opened = 0
  let warmBytes = Number.POSITIVE_INFINITY
  onTestFailed(() => console.error(`CHAOS_SEED=${inject('seed')}: ${mounts} mounts, ${opened} opened connections.`))
  for (; mounts < MOUNTS; mounts += 1) {
    if (mounts === WARM) warmBytes = await heapBytes()
    const Component = pick(components)
    const container = document.createElement('div')
    const root = createRoot(container)
    const node = <Component />
    flushSync(() => root.render(random() < 0.5 ? <StrictMode>{node}</StrictMode> : node))
    const stays = random()
    if (stays < 0.02) {
      await expect.poll(() => container.textContent, { interval: 1 }).toBe('open')
      opened += 1
    } else if (stays < 0.2) await new Promise((resolve) => setTimeout(resolve, random() * 5))
    else if (stays < 0.6) await null
    root.unmount()
  }
  expect(opened).toBeGreaterThan(MOUNTS / 100)
  await server.expectNoConnections()
  await expect.poll(timers).toBe(0)
  // A leak per mount would add up: after five times as many mounts the heap is no larger than after the warm-up.
  expect((await heapBytes()) / warmBytes).toBeLessThan(1.3)
})
