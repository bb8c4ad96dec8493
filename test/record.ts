import { isWireError, type Wire, type WireError, type WireEvent } from 'rxwire'
import { expect, onTestFinished } from 'vitest'

/** The recorded events of one subscription, and how it ended. */
export interface Recording<T> {
  readonly events: WireEvent<T>[]
  /** `undefined` while the wire is active. */
  end: 'complete' | WireError | undefined
  stop(): void
  data(): T[]
  types(): string[]
  /** Waits until the wire completes or fails, at most `limitMs` (default: as long as every poll). */
  ended(limitMs?: number): Promise<'complete' | WireError>
  /** Waits until `count` events of this type (1) were recorded. */
  until(type: WireEvent<T>['type'], count?: number): Promise<void>
}

/** Subscribes to a wire and records its events. Unsubscribes when the test ends. */
export function record<T>(wire: Wire<T>, onEvent?: (event: WireEvent<T>) => void): Recording<T> {
  const recording: Recording<T> = {
    events: [],
    end: undefined,
    stop: () => subscription.unsubscribe(),
    data: () => recording.events.flatMap((event) => (event.type === 'message' ? [event.data] : [])),
    types: () => recording.events.map(({ type }) => type),
    ended: async (limitMs) => {
      const limit = limitMs === undefined ? {} : { timeout: limitMs }
      await expect.poll(() => recording.end, limit).toBeDefined()
      return recording.end as 'complete' | WireError
    },
    until: async (type, count = 1) => {
      await expect
        .poll(() => recording.types().filter((seen) => seen === type).length, { message: `${count} × ${type}` })
        .toBeGreaterThanOrEqual(count)
    },
  }
  const subscription = wire.subscribe({
    next: (event) => {
      recording.events.push(event)
      onEvent?.(event)
    },
    error: (error: unknown) => {
      if (!isWireError(error)) throw error
      recording.end = error
    },
    complete: () => {
      recording.end = 'complete'
    },
  })
  onTestFinished(() => subscription.unsubscribe())
  return recording
}
