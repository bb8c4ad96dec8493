import { compare, medianOf } from '../compare.ts'
import { type Bench, type Cost, inChromium } from '../in-chromium.ts'
import type { Order, Outcome } from '../pages/mounting.tsx'
import { byTurns, mediansOf, scaled } from '../rounds.ts'
import { versioned } from '../versions.ts'
import type { Work } from '../work.ts'

const COMPONENTS = 1_000
const ROUNDS = 5
const PEER = versioned('react-use-websocket')
const NO_HOOK = 'no hook'

/** The contenders, with their names in the page. */
const contenders: ReadonlyMap<string, string> = new Map([
  ['rxwire', 'useWebSocket'],
  ['rxwire useEventSource', 'useEventSource'],
  [PEER, 'react-use-websocket'],
  [NO_HOOK, NO_HOOK],
])

export async function measure(): Promise<Work> {
  const results = await inChromium('mounting.tsx', mountByTurns)
  const mountedMs = mediansOf(results, ({ mountedMs }) => mountedMs)
  const heapBytes = mediansOf(results, ({ heapBytes }) => heapBytes)
  const emptyBytes = medianOf(heapBytes, NO_HOOK)
  const hookBytes = scaled(heapBytes, (bytes) => (bytes - emptyBytes) / COMPONENTS)
  hookBytes.delete(NO_HOOK)
  return {
    title: `Mounting ${COMPONENTS.toLocaleString('en')} components with a hook, on one connection`,
    figures: [...compare('until mounted', 'ms', mountedMs), ...compare('memory of a hook', 'B', hookBytes)],
    targets: [],
    notes: [
      'Each component has its own hook, and all share a connection that sends nothing. Memory is the heap after garbage ' +
        'collection, less the same components without a hook.',
    ],
  }
}

function mountByTurns({ socketUrl, run }: Bench<Order, Outcome>): Promise<Map<string, (Outcome & Cost)[]>> {
  const url = `${socketUrl}/numbers?perSecond=1&seconds=0`
  const mount = (who: string) => run({ who, url, components: COMPONENTS })
  return byTurns(new Map([...contenders].map(([shown, who]) => [shown, () => mount(who)])), ROUNDS)
}
