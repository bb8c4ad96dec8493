import type { ParkReason, WireError, WireEvent, WireWaiting } from 'rxwire'
import { expect } from 'vitest'
import type { Backend } from '../backend.ts'
import type { Recording } from '../record.ts'

/** The numbers from 1 to `count`, as what is sent and received here. */
export function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1))
}

/** Compared as one text: a difference in 20,000 lines is not for people to read. */
export function expectSame(actual: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((value, index) => actual[index] !== value)
  const difference = `${actual.length} of ${expected.length}; at ${at}: ${actual.slice(at, at + 3)} instead of ${expected.slice(at, at + 3)}`
  expect(actual.join() === expected.join(), difference).toBe(true)
}

/** Every `waiting` of a session. */
export function waitings<T>({ events }: Recording<T>): WireWaiting[] {
  return events.filter((event: WireEvent<T>) => event.type === 'waiting')
}

/** Why a session waited the first time. */
export function firstCause<T>(session: Recording<T>): WireError | ParkReason | undefined {
  return waitings(session)[0]?.cause
}

/** Waits until the server has written down this many texts, and returns them. */
export async function receivedBy(server: Backend, count: number): Promise<readonly string[]> {
  await expect.poll(async () => (await server.stats()).received.length).toBeGreaterThanOrEqual(count)
  return (await server.stats()).received
}
