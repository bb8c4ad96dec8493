import { expect, inject } from 'vitest'
import { backend } from '../../backend.ts'
import { quick } from '../../quick.ts'
import { FUZZ_MS_PER_SECOND } from '../../server/fuzz/answer.ts'
import type { FuzzKind } from '../../server/fuzz/session.ts'
import { pendingTimers } from '../pending-timers.ts'
import { FuzzConsumer, type FuzzDoor, type FuzzHost } from './consumer.ts'
import type { FuzzRun } from './on-kit.ts'
import { OwnTimers } from './own-timers.ts'
import { type FuzzTransport, fuzzTransports } from './subscriptions.ts'
import { Tally } from './tally.ts'

const STAY_MS = 400

const isNode = typeof document === 'undefined'

/** How many subscriptions a run makes to real servers. */
export const ON_SERVERS: number = isNode ? 3_000 : 300

/** Makes subscriptions to real servers, with quick policies and a hundredth of all times, and checks each of them. */
export async function fuzzOnServers({ first, leavesItself }: FuzzRun): Promise<void> {
  const seed = inject('seed')
  const transports = fuzzTransports.filter(isSupported)
  const tally = new Tally(transports, seed)
  // The client of Node uses the same timers.
  const timers = isNode ? () => 0 : pendingTimers()
  // Browsers open six connections to a server.
  const batch = isNode ? 100 : 6
  for (let from = first; from < first + ON_SERVERS; from += batch) {
    const server = backend()
    const ownTimers = new OwnTimers()
    const scaled = (ms: number) => (ms * FUZZ_MS_PER_SECOND) / 1_000
    const host: FuzzHost = {
      seed,
      leavesItself,
      reconnect: quick,
      ms: scaled,
      later: (ms, run) => ownTimers.later(scaled(ms), run),
      address: (kind, number) =>
        isDoor(kind)
          ? server.url('/ws/fuzz', { seed, number, door: kind })
          : server.url(`/fuzz/${kind}`, { seed, number }),
    }
    const consumers = Array.from({ length: Math.min(batch, first + ON_SERVERS - from) }, (_, index) => {
      const number = from + index
      return new FuzzConsumer(host, number, transports[number % transports.length] as FuzzTransport)
    })
    for (const consumer of consumers) consumer.start()
    await new Promise((resolve) => ownTimers.later(STAY_MS, () => resolve(undefined)))
    for (const consumer of consumers) consumer.stop()
    ownTimers.clear()
    await server.expectNoConnections()
    await noteRequests(server, consumers)
    for (const consumer of consumers) consumer.checkRequests()
    tally.add(consumers)
    await expect.poll(timers, { message: `timers that the subscriptions from ${from} on leave` }).toBe(0)
  }
  tally.expectVariety()
}

/** Adds the requests that the server has received to those who sent them. */
async function noteRequests(server: ReturnType<typeof backend>, consumers: readonly FuzzConsumer[]): Promise<void> {
  const byNumber = new Map(consumers.map((consumer) => [consumer.number, consumer]))
  for (const { url, method, lastEventId } of (await server.stats()).seen) {
    const query = new URL(url, 'http://localhost').searchParams
    const isStart = lastEventId === undefined && !query.has('after')
    byNumber.get(Number(query.get('number')))?.requests.push({ atMs: 0, method, isStart })
  }
}

function isDoor(kind: FuzzKind | FuzzDoor): kind is FuzzDoor {
  return kind === 'socket' || kind === 'refused' || kind === 'held'
}

function isSupported({ needs }: FuzzTransport): boolean {
  return needs === undefined || (needs === 'scripts' ? 'document' : needs) in globalThis
}
