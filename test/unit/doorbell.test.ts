import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Doorbell } from '../../adapters/server/doorbell.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A reader that waits again after each ring, and counts them. */
function reader(bell: Doorbell): { rings: number } {
  const counted = { rings: 0 }
  const signal = new AbortController().signal
  const wait = async (): Promise<void> => {
    await bell.wait('log', signal).rung
    counted.rings += 1
    return wait()
  }
  void wait()
  return counted
}

it('wakes a reader at once after a quiet time, and then at most every 5 ms', async () => {
  const bell = new Doorbell()
  const woken = reader(bell)
  bell.ring('log')
  await vi.advanceTimersByTimeAsync(0)
  expect(woken.rings).toBe(1)
  for (let n = 0; n < 100; n += 1) {
    bell.ring('log')
    await vi.advanceTimersByTimeAsync(1)
  }
  // A pause is 5 ms after the turn in which the readers read.
  expect(woken.rings).toBeGreaterThan(100 / 7)
  expect(woken.rings).toBeLessThan(100 / 4)
})

it('does not lose the last ring of a pause', async () => {
  const bell = new Doorbell()
  const woken = reader(bell)
  bell.ring('log')
  await vi.advanceTimersByTimeAsync(2)
  bell.ring('log')
  await vi.advanceTimersByTimeAsync(10)
  expect(woken.rings).toBe(2)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(woken.rings).toBe(2)
})

it('makes no pause for a log that has no reader', async () => {
  const bell = new Doorbell()
  bell.ring('log')
  expect(vi.getTimerCount()).toBe(0)
  const woken = reader(bell)
  bell.ring('log')
  await vi.advanceTimersByTimeAsync(0)
  expect(woken.rings).toBe(1)
})
