import type { WireEvent } from 'rxwire'
import { inject, onTestFailed } from 'vitest'

const KEPT = 60

/** Records an event. */
export type SessionLog<T> = (event: WireEvent<T>) => void

interface Entry<T> {
  /** The last of several consecutive events of one type. A thousand messages make one entry. */
  event: WireEvent<T>
  times: number
  readonly sinceMs: number
}

/**
 * Keeps the last events of a session. If the test fails, prints them together with the seed of the run.
 *
 * @param isUnfinished Called when the test fails. If it returns false, nothing is printed for this session.
 */
export function sessionLog<T>(name: string, isUnfinished: () => boolean): SessionLog<T> {
  const startedAtMs = Date.now()
  const entries: Entry<T>[] = []
  onTestFailed(() => {
    if (!isUnfinished()) return
    const session = entries.map(
      ({ event, times, sinceMs }) => `${sinceMs - startedAtMs} ms: ${described(event, times)}`,
    )
    console.error([`CHAOS_SEED=${inject('seed')}. The last events of ${name}:`, ...session].join('\n  '))
  })
  return (event) => {
    const last = entries.at(-1)
    if (last?.event.type === event.type) {
      last.event = event
      last.times += 1
      return
    }
    entries.push({ event, times: 1, sinceMs: Date.now() })
    if (entries.length > KEPT) entries.shift()
  }
}

function described<T>(event: WireEvent<T>, times: number): string {
  const { type, ...said } = event
  const values =
    type === 'open'
      ? [event.status ?? '']
      : Object.values(said).map((value) => (typeof value === 'number' ? Math.round(value) : value))
  return [type, ...values, ...(times > 1 ? [`(the last of ${times} in a row)`] : [])].join(' ')
}
