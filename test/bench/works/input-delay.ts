import { compare, OURS } from '../compare.ts'
import { type Bench, type Cost, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/input-delay.tsx'
import { versioned } from '../versions.ts'
import type { Figure, Target, Work } from '../work.ts'

const SECONDS = 2
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
      const results = await receiveAll(bench, perSecond, throttle)
      const of = (figure: (result: Outcome & Cost) => number) =>
        new Map([...results].map(([who, result]) => [who, figure(result)] as const))
      const p99 = of(({ delaysMs }) => percentile(delaysMs, 0.99))
      figures.push(
        ...compare(
          `input delay p50, ${load}`,
          'ms',
          of(({ delaysMs }) => percentile(delaysMs, 0.5)),
        ),
        ...compare(`input delay p99, ${load}`, 'ms', p99),
        ...compare(
          `longest task, ${load}`,
          'ms',
          of(({ longestTaskMs }) => longestTaskMs),
        ),
        ...compare(
          `frames a second, ${load}`,
          '',
          of(({ frames, wallMs }) => (frames / wallMs) * 1_000),
        ),
        ...compare(
          `until the last message is visible, ${load}`,
          'ms',
          of(({ wallMs }) => wallMs),
        ),
      )
      if ((p99.get(NAIVE) ?? 0) > 200) {
        targets.push({ text: `input delay p99 at most 50 ms, ${load}`, isMet: (p99.get(OURS) ?? Number.NaN) <= 50 })
      }
    }
  })
  return {
    title: 'Typing next to a table of 500 rows and a chart that messages update',
    figures,
    targets,
    notes: [
      'Real key presses, one every 40 ms. The delay is the time from the press to its listener.',
      'All contenders show the same components. Each runs once per load, in a fresh tab.',
    ],
  }
}

async function receiveAll(
  { socketUrl, run }: Bench<Order, Outcome>,
  perSecond: number,
  throttle: number,
): Promise<Map<string, Outcome & Cost>> {
  const url = `${socketUrl}/numbers?perSecond=${perSecond}&seconds=${SECONDS}`
  const results = new Map<string, Outcome & Cost>()
  for (const [shown, who] of contenders) {
    results.set(shown, await run({ who, url, messages: perSecond * SECONDS }, { throttle, isTyping: true }))
  }
  return results
}

function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN
}
