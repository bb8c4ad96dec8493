import { compare, medianOf, OURS } from '../compare.ts'
import { type Bench, type Cost, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/input-delay.tsx'
import { byTurns, type Medians, mediansOf, percentile } from '../rounds.ts'
import { versioned } from '../versions.ts'
import type { Figure, Target, Work } from '../work.ts'

const SECONDS = 2
const ROUNDS = 3
/** Messages a second, and how many times slower the processor is made. */
const loads: readonly (readonly [perSecond: number, throttle: number])[] = [
  [1_000, 1],
  [1_000, 4],
  [10_000, 1],
  [10_000, 4],
  [50_000, 1],
]

const NAIVE = 'a setState per message'

/** The contenders, with their names in the page. */
const contenders: ReadonlyMap<string, string> = new Map([
  [OURS, 'rxwire'],
  [versioned('react-use-websocket'), 'react-use-websocket'],
  [NAIVE, NAIVE],
  ['a useSyncExternalStore per message', 'a useSyncExternalStore per message'],
])

export async function measure(): Promise<Work> {
  const figures: Figure[] = []
  const targets: Target[] = []
  await inChromium('input-delay.tsx', async (bench: Bench<Order, Outcome>) => {
    for (const [perSecond, throttle] of loads) {
      const load = `${perSecond.toLocaleString('en')} a second${throttle === 1 ? '' : `, processor ${throttle} times slower`}`
      const results = await receiveByTurns(bench, perSecond, throttle)
      const p99 = mediansOf(results, ({ delaysMs }) => percentile(delaysMs, 0.99))
      const medians: readonly (readonly [what: string, unit: string, Medians])[] = [
        ['input delay p50', 'ms', mediansOf(results, ({ delaysMs }) => percentile(delaysMs, 0.5))],
        ['input delay p99', 'ms', p99],
        ['longest task', 'ms', mediansOf(results, ({ longestTaskMs }) => longestTaskMs)],
        ['frames a second', '', mediansOf(results, ({ frames, watchedMs }) => (frames / watchedMs) * 1_000)],
        ['until the last message is visible', 'ms', mediansOf(results, ({ wallMs }) => wallMs)],
      ]
      for (const [what, unit, values] of medians) figures.push(...compare(`${what}, ${load}`, unit, values))
      if (medianOf(p99, NAIVE) > 200) {
        targets.push({ text: `input delay p99 at most 50 ms, ${load}`, isMet: medianOf(p99, OURS) <= 50 })
      }
    }
  })
  return {
    title: 'Typing next to a table of 500 rows and a chart that messages update',
    figures,
    targets,
    notes: [
      'Real key presses, one every 40 ms. The delay is the time from the press to its listener.',
      'All contenders show the same components, which are mounted before the clock starts. ∞: the last message was not ' +
        'visible within 15 seconds, and the run ended then.',
    ],
  }
}

function receiveByTurns(
  { socketUrl, run }: Bench<Order, Outcome>,
  perSecond: number,
  throttle: number,
): Promise<Map<string, (Outcome & Cost)[]>> {
  const url = `${socketUrl}/numbers?perSecond=${perSecond}&seconds=${SECONDS}`
  const conditions = { throttle, isTyping: true }
  const receive = (who: string) => run({ who, url, messages: perSecond * SECONDS }, conditions)
  return byTurns(new Map([...contenders].map(([shown, who]) => [shown, () => receive(who)])), ROUNDS, 0)
}
