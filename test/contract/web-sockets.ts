import type { WireEvent, WireWaiting } from 'rxwire'
import { expect } from 'vitest'
import type { Backend } from '../backend.ts'
import type { Recording } from '../record.ts'

/** The numbers from 1 to `count` as strings. */
export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1))
}

/** Compares the values as one text, because a diff of 20,000 lines is unreadable. */
export function expectSame(actual: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((value, index) => actual[index] !== value)
  const difference = `${actual.length} of ${expected.length}; at ${at}: ${actual.slice(at, at + 3)} instead of ${expected.slice(at, at + 3)}`
  expect(actual.join() === expected.join(), difference).toBe(true)
}

/** The `waiting` events of a session. */
export function waitings<T>({ events }: Recording<T>): WireWaiting[] {
  return events.filter((event: WireEvent<T>) => event.type === 'waiting')
}

/** The cause of the first `waiting` event. */
export function firstCause<T>(session: Recording<T>): WireWaiting['cause'] | undefined {
  return waitings(session)[0]?.cause
}

/** Waits until the server has recorded this many texts, and returns them. */
export async function receivedBy(server: Backend, count: number): Promise<readonly string[]> {
  await expect.poll(async () => (await server.stats()).received.length).toBeGreaterThanOrEqual(count)
  return (await server.stats()).received
}
