import { setImmediate } from 'node:timers/promises'
import { experimental_streamedQuery as streamedQuery } from '@tanstack/query-core'
import { fromFetchStream, lines, type Wire, wireStore } from 'rxwire'
import { liveQueryOptions, wireQueryOptions } from 'rxwire/query'
import { compare, OURS } from '../compare.ts'
import { type Fetch, fetchFromMemory } from '../memory-fetch.ts'
import { type Contenders, type Medians, medianMs } from '../rounds.ts'
import { shownByQuery } from '../shown-by-query.ts'
import { startThreadClock } from '../stopwatch.ts'
import { versioned } from '../versions.ts'
import type { Figure, Target, Work } from '../work.ts'

const COUNTS = [8_000, 16_000, 32_000]
const CHUNKS_PER_PIECE = 20
const ROUNDS = 5
// Twice as many chunks cost twice as much if the cost is linear, and four times as much if it is quadratic.
const LINEAR = 2.5

const STREAMED = `streamedQuery, ${versioned('@tanstack/query-core')}`

const url = 'http://127.0.0.1/'
const queryKey = ['answer']

/** Reads a response of `count` chunks. Resolves when all of them are shown. */
type ReadAnswer = (fetch: Fetch, count: number) => Promise<readonly string[]>

const ours: ReadonlyMap<string, ReadAnswer> = new Map<string, ReadAnswer>([
  [OURS, (fetch, count) => shownByQuery(wireQueryOptions({ queryKey, wire: () => wireOf(fetch), keep: count }), count)],
  [
    `${OURS}, live query`,
    (fetch, count) => shownByQuery(liveQueryOptions({ queryKey, wire: () => wireOf(fetch), keep: count }), count),
  ],
  [`${OURS}, store`, shownByStore],
])

const theirs: ReadonlyMap<string, ReadAnswer> = new Map<string, ReadAnswer>([
  [STREAMED, (fetch, count) => shownByQuery({ queryKey, queryFn: streamed(fetch) }, count)],
])

export async function measure(): Promise<Work> {
  const figures: Figure[] = []
  const growth = new Map<string, number>()
  let before: Medians = new Map()
  for (const count of COUNTS) {
    const took = new Map([
      ...(await medianMs(contendersOf(ours, count), ROUNDS)),
      // A quadratic contender takes long enough to warm up and be measured in a single round.
      ...(await medianMs(contendersOf(theirs, count), 1, 0)),
    ])
    figures.push(...compare(`${count.toLocaleString('en')} chunks`, 'ms', took))
    for (const [who, { value }] of took) growth.set(who, value / (before.get(who)?.value ?? value))
    before = took
  }
  for (const [who, value] of growth) figures.push({ who, what: 'growth with the last doubling', value, unit: '×' })
  return {
    title: 'Appending the chunks of an answer',
    figures,
    targets: [...growth].filter(([who]) => ours.has(who)).map(isLinear),
    notes: [
      'The chunks are lines of a body in memory, 20 in each piece, with one turn of the event loop between pieces. ' +
        'The time is the CPU time of the thread.',
      'rxwire keeps them with `keep` and shows them once per frame. streamedQuery appends with its own reducer.',
      'Growth: 2 is linear, 4 is quadratic.',
    ],
  }
}

function contendersOf(readers: ReadonlyMap<string, ReadAnswer>, count: number): Contenders {
  return new Map([...readers].map(([who, read]) => [who, () => readAll(who, read, count)]))
}

function isLinear([who, growth]: readonly [string, number]): Target {
  return {
    text: `${who} is linear: twice as many chunks take less than ${LINEAR} times as long`,
    isMet: growth < LINEAR,
  }
}

/** @throws Error unless all chunks are shown, in order. */
async function readAll(who: string, read: ReadAnswer, count: number): Promise<number> {
  const fetch = fetchFromMemory(() => answer(count), 'text/plain')
  const elapsedMs = startThreadClock()
  const shown = await read(fetch, count)
  const tookMs = elapsedMs()
  if (shown.some((chunk, n) => chunk !== chunkText(n))) throw new Error(`${who} shows the chunks out of order.`)
  return tookMs
}

const chunkText = (n: number) => `chunk ${n} of the answer`

async function* answer(count: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  for (let from = 0; from < count; from += CHUNKS_PER_PIECE) {
    const chunks = Array.from({ length: CHUNKS_PER_PIECE }, (_, n) => chunkText(from + n))
    await setImmediate()
    yield encoder.encode(`${chunks.join('\n')}\n`)
  }
}

function wireOf(fetch: Fetch): Wire<string> {
  return fromFetchStream(url, { fetch, decode: lines() })
}

function streamed(fetch: Fetch) {
  return streamedQuery<string>({ streamFn: () => rawLines(fetch) })
}

/** Splits a body into lines with as little code as possible. */
async function* rawLines(fetch: Fetch): AsyncGenerator<string> {
  const { body } = await fetch(url)
  let rest = ''
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const whole = `${rest}${text}`.split('\n')
    rest = whole.pop() ?? ''
    yield* whole
  }
}

async function shownByStore(fetch: Fetch, count: number): Promise<readonly string[]> {
  const store = wireStore(wireOf(fetch), { keep: count })
  let leave = () => {}
  await new Promise<void>((resolve, reject) => {
    leave = store.subscribe(() => {
      const { data, error } = store.getSnapshot()
      if (error !== undefined) reject(error)
      if (data.length === count) resolve()
    })
  })
  leave()
  return store.getSnapshot().data
}
