import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WaterMarks } from '../../../src/outbox/water-marks.ts'

let clockMs = 0

beforeEach(() => {
  clockMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clockMs)
})

afterEach(() => {
  vi.restoreAllMocks()
})

/** Drains the buffer at this rate for a second. `isEmpty`: each look finds it empty. */
function drain(marks: WaterMarks, bytesPerMs: number, isEmpty = false): void {
  for (let ms = 0; ms < 1_000; ms += 1) {
    marks.drained(bytesPerMs, isEmpty)
    clockMs += 1
  }
}

const KIB = 1_024

describe('WaterMarks', () => {
  it('start at 256 KiB and a quarter of it', () => {
    expect(new WaterMarks(undefined, undefined)).toMatchObject({ highBytes: 256 * KIB, lowBytes: 64 * KIB })
  })

  it.each([
    ['20 ms of the drain rate', 20_000, 20 * 20_000],
    ['64 KiB for a slow link', 100, 64 * KIB],
    ['4 MiB for a very fast one', 1_000_000, 4 * KIB * KIB],
  ])('approach %s', (_, bytesPerMs, expected) => {
    const marks = new WaterMarks(undefined, undefined)
    drain(marks, bytesPerMs)
    expect(marks.highBytes / expected).toBeGreaterThan(0.8)
    expect(marks.highBytes / expected).toBeLessThan(1.3)
    expect(marks.lowBytes).toBe(marks.highBytes / 4)
  })

  it('do not shrink while the buffer is empty at each look: the link may be faster', () => {
    const marks = new WaterMarks(undefined, undefined)
    drain(marks, 1_000, true)
    expect(marks.highBytes).toBe(256 * KIB)
    drain(marks, 50_000, true)
    expect(marks.highBytes).toBeGreaterThan(1_000_000)
  })

  it('do not count the time in which nothing was buffered', () => {
    const marks = new WaterMarks(undefined, undefined)
    drain(marks, 50_000)
    const { highBytes } = marks
    marks.restart()
    clockMs += 60_000
    drain(marks, 50_000)
    expect(marks.highBytes / highBytes).toBeGreaterThan(0.9)
  })

  it.each([
    [100, undefined, 25],
    [100, 10, 10],
  ])('stay as the caller has set them: %s and %s', (highBytes, lowBytes, expectedLow) => {
    const marks = new WaterMarks(highBytes, lowBytes)
    drain(marks, 50_000)
    expect(marks).toMatchObject({ highBytes, lowBytes: expectedLow })
  })
})
