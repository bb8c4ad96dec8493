import { BehaviorSubject, filter, firstValueFrom, lastValueFrom, map, tap } from 'rxjs'
import { messages, type Wire } from 'rxwire'
import { onTestFinished } from 'vitest'
import { sessionLog } from './session-log.ts'

/** More numbers than anybody will wait for. */
export const FOR_EVER = 1e9

/** A session of numbers, none of which may be missing, come twice or come too early. */
export interface NumberedSession {
  /** The last number, which is how many there were. */
  readonly delivered: number
  /** Resolves with the last number when the wire completes; rejects with its error, or at a number that is not the next one. */
  readonly ended: Promise<number>
  /** Waits until so many numbers have come; rejects as `ended` does. */
  until(count: number): Promise<number>
  stop(): void
}

/** Subscribes to a wire of the numbers from 1 on. Nothing is kept but the last one: a million events need no room. */
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
  // Whoever waits for a count is told there, too.
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
