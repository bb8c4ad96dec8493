import { Subscription } from 'rxjs'
import type { Wire, WireEvent } from 'rxwire'
import { expect, onTestFinished } from 'vitest'
import { sessionLog } from './session-log.ts'

/** More numbers than anybody will wait for. */
export const FOR_EVER = 1e9

/** A session of numbers, none of which may be missing, come twice or come too early. */
export interface NumberedSession {
  /** The last number, which is how many there were. */
  readonly delivered: number
  /** Resolves when the wire completes; rejects with its error, or at the first number that is not the next one. */
  readonly ended: Promise<void>
  /** Waits until so many numbers have come. */
  until(count: number): Promise<void>
  stop(): void
}

/** Subscribes to a wire of the numbers from 1 on. Nothing is kept but the count: a million events need no room. */
export function followNumbers(name: string, wire: Wire<number>): NumberedSession {
  const write = sessionLog<number>(name)
  let delivered = 0
  let failure: unknown
  const subscription = new Subscription()
  onTestFinished(() => subscription.unsubscribe())
  const ended = new Promise<void>((resolve, reject) => {
    const next = (event: WireEvent<number>) => {
      write(event)
      if (event.type !== 'message') return
      if (event.data !== delivered + 1) {
        reject(new Error(`${name}: ${event.data} came after ${delivered}`))
        subscription.unsubscribe()
      }
      delivered += 1
    }
    subscription.add(wire.subscribe({ next, error: reject, complete: resolve }))
  })
  // Whoever waits for a count is told there.
  ended.catch((error: unknown) => {
    failure = error
  })
  return {
    get delivered() {
      return delivered
    },
    ended,
    until: async (count) => {
      await expect.poll(() => failure ?? delivered, { interval: 5, timeout: 60_000 }).toBeGreaterThanOrEqual(count)
    },
    stop: () => subscription.unsubscribe(),
  }
}
