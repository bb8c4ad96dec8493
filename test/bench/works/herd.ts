import { seededRandom } from '../../server/random.ts'
import { compare, medianOf, OURS } from '../compare.ts'
import { type NextDelay, reconnectDelays } from '../reconnect-delays.ts'
import { type Medians, measuredOf } from '../rounds.ts'
import type { Work } from '../work.ts'

const CLIENTS = 10_000
const MANY_CLIENTS = 100_000
const REFUSING_MS = 10_000
const SLOT_MS = 100
const PEAK = 230
const HERDS = 15

/** The load that a herd of clients puts on a server. */
interface Herd {
  /** The most attempts in 100 ms. */
  readonly peak: number
  /** When each client is connected again, in ascending order. `Infinity` for a client that gave up. */
  readonly backMs: Float64Array
}

export async function measure(): Promise<Work> {
  const accepted = herds(CLIENTS, 0)
  const many = herds(MANY_CLIENTS, 0)
  const refused = herds(CLIENTS, REFUSING_MS)
  const peak = accepted(peakOf)
  return {
    title: 'A herd that is dropped in one instant',
    figures: [
      ...compare('peak of 10,000, attempts in 100 ms', '', peak),
      ...compare('half are back after', 'ms', accepted(percentile(50))),
      ...compare('95 % are back after', 'ms', accepted(percentile(95))),
      ...compare('peak of 100,000, attempts in 100 ms', '', many(peakOf)),
      ...compare('refused for 10 s: peak of 10,000', '', refused(peakOf)),
      ...compare('refused for 10 s: half are back after', 'ms', refused(percentile(50))),
      ...compare('refused for 10 s: 95 % are back after', 'ms', refused(percentile(95))),
    ],
    targets: [{ text: `at most ${PEAK} attempts of 10,000 clients in 100 ms`, isMet: medianOf(peak, OURS) <= PEAK }],
    notes: [
      'Computed in virtual time with the default policy of each library, without sockets. Each figure is the median ' +
        'of fifteen herds. A server that restarts sends close code 1012 or status 503, which rxwire respects. Without ' +
        'that signal, its first window is one second. A server that refuses clients repeats the signal with each 503. ' +
        'A client whose WebSocket is refused does not get the reason.',
      '∞: the clients have given up, as ahooks does after three attempts.',
    ],
  }
}

/** Simulates several herds for each library, because a single herd is random, and returns the median of a figure. */
function herds(clients: number, refusingMs: number): (figureOf: (herd: Herd) => number) => Medians {
  const all = [...reconnectDelays].map(([who, delays]) => {
    const some = Array.from({ length: HERDS }, (_, seed) => herd(clients, refusingMs, delays, seededRandom(seed)))
    return [who, some] as const
  })
  return (figureOf) => new Map(all.map(([who, some]) => [who, measuredOf(some.map(figureOf))]))
}

function peakOf({ peak }: Herd): number {
  return peak
}

function percentile(percent: number): (herd: Herd) => number {
  return ({ backMs }) => backMs[Math.ceil((backMs.length * percent) / 100) - 1] ?? Number.NaN
}

/** Drops all clients at time 0. They reconnect to a server that refuses them for `refusingMs`. */
function herd(
  clients: number,
  refusingMs: number,
  delays: (random: () => number) => NextDelay,
  random: () => number,
): Herd {
  const attempts: number[] = []
  const backMs = Float64Array.from({ length: clients }, () => {
    const nextDelay = delays(random)
    let atMs = 0
    for (let failures = 1; ; failures += 1) {
      atMs += nextDelay(failures) ?? Number.POSITIVE_INFINITY
      if (atMs === Number.POSITIVE_INFINITY) return atMs
      const slot = Math.floor(atMs / SLOT_MS)
      attempts[slot] = (attempts[slot] ?? 0) + 1
      if (atMs >= refusingMs) return atMs
    }
  }).sort()
  return { peak: attempts.reduce((most, count) => Math.max(most, count), 0), backMs }
}
