import { resolve } from 'node:path'
import { experimental_streamedQuery as streamedQuery } from '@tanstack/query-core'
import { fromEventSource } from 'rxwire'
import { liveQueryOptions } from 'rxwire/query'
import { startOwnProcess } from '../../server/process.ts'
import { compare, OURS, perSecond, ratioTo } from '../compare.ts'
import { fetchFromMemory } from '../memory-fetch.ts'
import { byTurns, type Contenders, type Medians, medianMs, mediansOf } from '../rounds.ts'
import { shownByQuery } from '../shown-by-query.ts'
import { feedPieces, priceJson } from '../sse-feed.ts'
import {
  type Feed,
  type ReadFeed,
  rawEvents,
  readByEventSource,
  readByFetchEventSource,
  readByRawDecoder,
  readByRawLoop,
  readByRxwire,
} from '../sse-readers.ts'
import { startClock, startThreadClock } from '../stopwatch.ts'
import { versioned } from '../versions.ts'
import type { Target, Work } from '../work.ts'

const EVENTS = 200_000
const CACHED_EVENTS = 4_000
const ROUNDS = 5
const expected = Array.from({ length: EVENTS }, (_, n) => priceJson(n))

const RAW_LOOP = `fetch, TextDecoderStream, ${versioned('eventsource-parser')}`
const RAW_DECODER = `fetch, TextDecoder, ${versioned('eventsource-parser')}`
const PEERS = [versioned('eventsource'), versioned('@microsoft/fetch-event-source')] as const

const STREAMED = `streamedQuery, ${versioned('@tanstack/query-core')}`

const readers: ReadonlyMap<string, ReadFeed> = new Map([
  [OURS, readByRxwire],
  [RAW_LOOP, readByRawLoop],
  [RAW_DECODER, readByRawDecoder],
  [PEERS[0], readByEventSource],
  [PEERS[1], readByFetchEventSource],
])

export async function measure(): Promise<Work> {
  const server = await startOwnProcess(resolve(import.meta.dirname, '../sse-server.ts'), [String(EVENTS)])
  const fromServer = await readByTurns({ url: server.said, fetch })
  await server.end()
  const served = perSecond(
    EVENTS,
    mediansOf(fromServer, ({ elapsedMs }) => elapsedMs),
  )
  const fromMemory = await readByTurns(feedInMemory(EVENTS))
  const read = perSecond(
    EVENTS,
    mediansOf(fromMemory, ({ threadMs }) => threadMs),
  )
  return {
    title: `${EVENTS.toLocaleString('en')} Server-Sent Events in Node`,
    figures: [
      ...compare('events from a server', '/s', served),
      ...compare('the thread’s time for an event from a server', 'µs', microsecondsOf(fromServer)),
      ...compare('events from memory, in the thread’s time', '/s', read),
      ...compare('events into a query’s data, in the thread’s time', '/s', await cachedPerSecond()),
    ],
    targets: [...targets('from a server', served), ...targets('from memory', read)],
    notes: [
      'The server is a separate process and sends as fast as the client reads. The thread’s time is its CPU time, ' +
        'without waiting.',
      `The query reads ${CACHED_EVENTS.toLocaleString('en')} events from memory: streamedQuery has a quadratic cost.`,
      '`@microsoft/fetch-event-source` expects a page, so `window` and `document` are stubbed while it reads.',
    ],
  }
}

function feedInMemory(count: number): Feed {
  const pieces = [...feedPieces(count)]
  return { url: 'http://127.0.0.1/', fetch: fetchFromMemory(() => pieces, 'text/event-stream') }
}

/** How long it took to read the whole feed. */
interface Reading {
  readonly elapsedMs: number
  /** CPU time of the thread, without waiting for the network or for other processes. */
  readonly threadMs: number
}

function readByTurns(feed: Feed): Promise<Map<string, Reading[]>> {
  return byTurns(new Map([...readers].map(([who, read]) => [who, () => readAll(who, read, feed)])), ROUNDS)
}

function microsecondsOf(readings: ReadonlyMap<string, readonly Reading[]>): Medians {
  return mediansOf(readings, ({ threadMs }) => (threadMs / EVENTS) * 1_000)
}

/** @throws Error unless all events arrive, in order. */
async function readAll(who: string, read: ReadFeed, feed: Feed): Promise<Reading> {
  let taken = 0
  let isRight = true
  const elapsed = startClock()
  const thread = startThreadClock()
  await read(feed, (data) => {
    isRight &&= data === expected[taken]
    taken += 1
    return taken === EVENTS
  })
  const reading = { elapsedMs: elapsed(), threadMs: thread() }
  if (!isRight || taken !== EVENTS) throw new Error(`${who} read ${taken} events, or read them out of order.`)
  return reading
}

/** Measures a query that shows all events of the feed. */
async function cachedPerSecond(): Promise<Medians> {
  const feed = feedInMemory(CACHED_EVENTS)
  const queryKey = ['prices']
  const wire = () => fromEventSource(feed.url, { fetch: feed.fetch })
  const show = async (shown: () => Promise<readonly string[]>) => {
    const elapsedMs = startThreadClock()
    const prices = await shown()
    const tookMs = elapsedMs()
    if (prices.some((price, n) => price !== expected[n])) throw new Error('The query shows events out of order.')
    return tookMs
  }
  const contenders: Contenders = new Map([
    [OURS, () => show(() => shownByQuery(liveQueryOptions({ queryKey, wire, keep: CACHED_EVENTS }), CACHED_EVENTS))],
    [
      STREAMED,
      () =>
        show(() =>
          shownByQuery({ queryKey, queryFn: streamedQuery({ streamFn: () => rawEvents(feed) }) }, CACHED_EVENTS),
        ),
    ],
  ])
  return perSecond(CACHED_EVENTS, await medianMs(contenders, ROUNDS))
}

function targets(whence: string, perSecond: Medians): Target[] {
  const atLeast = (who: string, ratio: number) => ({
    text: `${whence}, at least ${ratio} of ${who}`,
    isMet: ratioTo(perSecond, who) >= ratio,
  })
  return [atLeast(RAW_LOOP, 0.9), atLeast(RAW_DECODER, 0.9), ...PEERS.map((peer) => atLeast(peer, 2))]
}
