import { compare, OURS, ratioTo } from '../compare.ts'
import { type Bench, type Cost, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/components.tsx'
import { byTurns, type Medians, mediansOf } from '../rounds.ts'
import { versioned } from '../versions.ts'
import type { Figure, Target, Work } from '../work.ts'

const COMPONENTS = [1, 10, 100, 1_000]
const PER_SECOND = 5_000
const SECONDS = 2
const MESSAGES = PER_SECOND * SECONDS
const ROUNDS = 3
const PEER = versioned('react-use-websocket')

/** The contenders, with their names in the page. */
const contenders: ReadonlyMap<string, string> = new Map([
  [OURS, 'rxwire'],
  [PEER, 'react-use-websocket'],
])

interface Result extends Outcome, Cost {
  /** How many sockets the clients opened. */
  readonly connections: number
}

export async function measure(): Promise<Work> {
  const figures: Figure[] = []
  const targets: Target[] = []
  const ours: Result[] = []
  await inChromium('components.tsx', async (bench: Bench<Order, Outcome>) => {
    for (const components of COMPONENTS) {
      const results = await showByTurns(bench, components)
      ours.push(...(results.get(OURS) ?? []))
      figures.push(...figuresOf(results, components))
      const ratio = ratioTo(mainThread(results), PEER)
      targets.push({ text: `less of the main thread than ${PEER}, ${countOf(components)}`, isMet: ratio < 1 })
    }
  })
  return {
    title: `${MESSAGES.toLocaleString('en')} messages for up to 1,000 React components on one wire`,
    figures,
    targets: [
      ...targets,
      { text: 'one connection, for however many', isMet: ours.every(({ connections }) => connections === 1) },
      { text: 'at most one commit a frame', isMet: ours.every(({ commits, frames }) => commits <= frames) },
    ],
    notes: [
      'Each message belongs to one component, in turn. rxwire uses `key` and `select`, react-use-websocket uses ' +
        '`share` and `filter`. Mounting the components is included.',
    ],
  }
}

function figuresOf(results: ReadonlyMap<string, readonly Result[]>, components: number): Figure[] {
  const medians = (figure: (result: Result) => number) => mediansOf(results, figure)
  const of = `, ${countOf(components)}`
  return [
    ...compare(
      `connections${of}`,
      '',
      medians(({ connections }) => connections),
    ),
    ...compare(
      `commits${of}`,
      '',
      medians(({ commits }) => commits),
    ),
    ...compare(
      `renders${of}`,
      '',
      medians(({ renders }) => renders),
    ),
    ...compare(`main thread${of}`, 'ms', mainThread(results)),
  ]
}

function mainThread(results: ReadonlyMap<string, readonly Result[]>): Medians {
  return mediansOf(results, ({ mainThreadMs }) => mainThreadMs)
}

function countOf(components: number): string {
  return `${components.toLocaleString('en')} component${components === 1 ? '' : 's'}`
}

/** @throws Error if a component does not show its last number at the end. */
async function showByTurns(
  { serverUrl, socketUrl, run }: Bench<Order, Outcome>,
  components: number,
): Promise<Map<string, Result[]>> {
  const show = async (who: string) => {
    const key = crypto.randomUUID()
    const url = `${socketUrl}/numbers?key=${key}&perSecond=${PER_SECOND}&seconds=${SECONDS}`
    const outcome = await run({ who, url, components, messages: MESSAGES })
    if (!outcome.isRight) throw new Error(`${who} does not show the last message of each component.`)
    const opened = await fetch(`${serverUrl}/opened?key=${key}`)
    return { ...outcome, connections: Number(await opened.text()) }
  }
  // No warm-up: every tab starts cold, and one slow round does not change the median of three.
  return byTurns(new Map([...contenders].map(([shown, who]) => [shown, () => show(who)])), ROUNDS, 0)
}
