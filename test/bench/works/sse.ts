import { resolve } from 'node:path'
import { startOwnProcess } from '../../server/process.ts'
import { compare, OURS, perSecond, ratioTo } from '../compare.ts'
import { fetchFromMemory } from '../memory-fetch.ts'
import { medianMs } from '../rounds.ts'
import { feedPieces, priceJson } from '../sse-feed.ts'
import {
  type Feed,
  type ReadFeed,
  readByEventSource,
  readByFetchEventSource,
  readByRawDecoder,
  readByRawLoop,
  readByRxwire,
} from '../sse-readers.ts'
import { type Stopwatch, startClock, startThreadClock } from '../stopwatch.ts'
import { versioned } from '../versions.ts'
import type { Target, Work } from '../work.ts'

const EVENTS = 200_000
const ROUNDS = 5
const expected = Array.from({ length: EVENTS }, (_, n) => priceJson(n))

const RAW_LOOP = `fetch, TextDecoderStream, ${versioned('eventsource-parser')}`
const RAW_DECODER = `fetch, TextDecoder, ${versioned('eventsource-parser')}`
const PEERS = [versioned('eventsource'), versioned('@microsoft/fetch-event-source')] as const

const readers: ReadonlyMap<string, ReadFeed> = new Map([
  [OURS, readByRxwire],
  [RAW_LOOP, readByRawLoop],
  [RAW_DECODER, readByRawDecoder],
  [PEERS[0], readByEventSource],
  [PEERS[1], readByFetchEventSource],
])

export async function measure(): Promise<Work> {
  const server = await startOwnProcess(resolve(import.meta.dirname, '../sse-server.ts'), [String(EVENTS)])
  const fromServer = await eventsPerSecond({ url: server.said, fetch }, startClock)
  await server.end()
  const pieces = [...feedPieces(EVENTS)]
  const memory = { url: 'http://127.0.0.1/', fetch: fetchFromMemory(() => pieces, 'text/event-stream') }
  const fromMemory = await eventsPerSecond(memory, startThreadClock)
  return {
    title: `${EVENTS.toLocaleString('en')} Server-Sent Events in Node`,
    figures: [...compare('events from a server', '/s', fromServer), ...compare('events from memory', '/s', fromMemory)],
    targets: [...targets('from a server', fromServer), ...targets('from memory', fromMemory)],
    notes: [
      'The server is a process of its own and sends as fast as it is read. From memory there is no network, and the time ' +
        'is that of the thread: the cost of reading alone.',
      '`@microsoft/fetch-event-source` was made for pages: a `window` and a `document` stand in while it reads.',
    ],
  }
}

async function eventsPerSecond(feed: Feed, start: Stopwatch): Promise<Map<string, number>> {
  const contenders = [...readers].map(([who, read]) => [who, () => readAll(who, read, feed, start)] as const)
  return perSecond(EVENTS, await medianMs(new Map(contenders), ROUNDS))
}

/** @throws Error unless each event came, in its place. */
async function readAll(who: string, read: ReadFeed, feed: Feed, start: Stopwatch): Promise<number> {
  let taken = 0
  let isRight = true
  const elapsedMs = start()
  await read(feed, (data) => {
    isRight &&= data === expected[taken]
    taken += 1
    return taken === expected.length
  })
  const tookMs = elapsedMs()
  if (!isRight || taken !== expected.length) throw new Error(`${who} read ${taken} events, or not in their order.`)
  return tookMs
}

function targets(whence: string, perSecond: ReadonlyMap<string, number>): Target[] {
  const atLeast = (who: string, ratio: number) => ({
    text: `${whence}, at least ${ratio} of ${who}`,
    isMet: ratioTo(perSecond, who) >= ratio,
  })
  return [atLeast(RAW_LOOP, 0.95), atLeast(RAW_DECODER, 0.95), ...PEERS.map((peer) => atLeast(peer, 1.2))]
}
