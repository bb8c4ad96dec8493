import { seededRandom } from '../../../test/server/random.ts'
import type { Lab } from '../../panels/lab.ts'

/** A fault of the network that both columns share. */
interface Fault {
  readonly label: string
  start(lab: Lab): Promise<void>
  /** Ends by itself after this time. 0 for an event without a duration. Absent: lasts until it is ended. */
  readonly lastsMs?: number
  /** The label while it lasts, and how it ends. */
  readonly ending?: { readonly label: string; end(lab: Lab): Promise<void> }
}

const faults = {
  cut: { label: 'Cut', start: (lab) => lab.cut(), lastsMs: 0 },
  stall: {
    label: 'Stall',
    start: (lab) => lab.stall(true),
    ending: { label: 'End the stall', end: (lab) => lab.stall(false) },
  },
  down: { label: 'Server down 4 s', start: (lab) => lab.unavailable(4_000, 1), lastsMs: 4_000 },
  token: { label: 'Expire token', start: (lab) => lab.expireToken(), lastsMs: 0 },
  offline: {
    label: 'Offline',
    start: (lab) => lab.offline(true),
    ending: { label: 'Go online', end: (lab) => lab.offline(false) },
  },
  halfOpen: { label: 'Half-open', start: (lab) => lab.halfOpen(), lastsMs: 0 },
} as const satisfies Readonly<Record<string, Fault>>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as FaultName[]
export const faultOf: Readonly<Record<FaultName, Fault>> = faults

/** Reads names that are separated by dashes, as in the address. Without any known name, all faults. */
export function parseFaults(text: string): readonly FaultName[] {
  const named = faultNames.filter((name) => text.split('-').includes(name))
  return named.length > 0 ? named : faultNames
}

export const CHAOS_MS = 30_000

/** One fault of a chaos run. */
export interface PlannedFault {
  readonly name: FaultName
  readonly atMs: number
  readonly lastsMs: number
}

/** Plans the faults of a chaos run. The same seed and the same names give the same plan. */
export function chaosPlan(seed: number, names: readonly FaultName[]): readonly PlannedFault[] {
  const random = seededRandom(seed)
  const between = (low: number, high: number) => Math.round(low + random() * (high - low))
  const plan: PlannedFault[] = []
  let left: FaultName[] = []
  let atMs = 2_000
  for (;;) {
    // Each fault once, in a random order, before one of them comes again.
    if (left.length === 0) left = [...names]
    const [name] = left.splice(Math.floor(random() * left.length), 1)
    if (name === undefined) return plan
    const lastsMs = faultOf[name].lastsMs ?? between(1_500, 3_500)
    if (atMs + lastsMs > CHAOS_MS - 1_000) return plan
    plan.push({ name, atMs, lastsMs })
    atMs += lastsMs + between(1_500, 3_500)
  }
}
