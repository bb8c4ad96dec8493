import { BehaviorSubject, filter, firstValueFrom, lastValueFrom, map, tap } from 'rxjs'
import { messages, type Wire } from 'rxwire'
import { onTestFinished } from 'vitest'
import { sessionLog } from './session-log.ts'

/** More numbers than any test reads. */
export const FOR_EVER = 1e9

/** A subscription to consecutive numbers that fails if one is missing, repeated or out of order. */
export interface NumberedSession {
  /** The last number, which is also the count. */
  readonly delivered: number
  /** Resolves with the last number when the wire completes; rejects with its error, or on an unexpected number. */
  readonly ended: Promise<number>
  /** Waits until this many numbers were received; rejects like `ended`. */
  until(count: number): Promise<number>
  stop(): void
}

/** Subscribes to a wire of the numbers from 1 on. Keeps only the last one, so that a million events need no memory. */
export function followNumbers(name: string, wire: Wire<number>, count: number): NumberedSession {
  let delivered = 0
  const next = (number: number) => {
    if (number !== delivered + 1) throw new Error(`${name}: ${number} came after ${delivered}`)
    delivered = number
    return number
  }
  const log = sessionLog<number>(name, () => delivered < count)
  const numbers = new BehaviorSubject(0)
  const subscription = wire.pipe(tap(log), messages(), map(next)).subscribe(numbers)
  onTestFinished(() => subscription.unsubscribe())
  const ended = lastValueFrom(numbers)
  // `until` rejects with the same error.
  ended.catch(() => {})
  return {
    get delivered() {
      return delivered
    },
    ended,
    until: (many) => firstValueFrom(numbers.pipe(filter((number) => number >= many))),
    stop: () => subscription.unsubscribe(),
  }
}
