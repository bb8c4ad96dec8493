import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TextSlices } from '../../../src/http/read-body.ts'

let clockMs = 0

beforeEach(() => {
  clockMs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clockMs)
})

afterEach(() => {
  vi.restoreAllMocks()
})

const MAX_LENGTH = 8_192
const text = (length: number) => Array.from({ length }, (_, index) => String(index % 10)).join('')

/** Passes on text to a consumer that takes `msPerSlice` for each slice. */
function slicesOf({ msPerSlice = 0, ready = () => undefined as Promise<void> | undefined } = {}) {
  const slices: string[] = []
  const controller = new AbortController()
  const onSlice = (slice: string) => {
    slices.push(slice)
    clockMs += msPerSlice
  }
  return { slices, controller, slicer: new TextSlices(controller.signal, onSlice, ready) }
}

describe('TextSlices', () => {
  it('passes on a short text unchanged and at once', () => {
    const { slices, slicer } = slicesOf({ msPerSlice: 1_000 })
    const short = text(100)
    expect(slicer.push(short)).toBeUndefined()
    expect(slices).toEqual([short])
  })

  it('passes on a long text at once while no time passes, as under fake timers', () => {
    const { slices, slicer } = slicesOf()
    const long = text(11 * MAX_LENGTH)
    expect(slicer.push(long)).toBeUndefined()
    expect(slices.join('')).toBe(long)
    expect(slices).toHaveLength(11)
  })

  it('gives the page a turn when the slices have taken 10 ms, and keeps their order', async () => {
    const { slices, slicer } = slicesOf({ msPerSlice: 4 })
    const long = text(10 * MAX_LENGTH)
    const turns: number[] = []
    const rest = slicer.push(long)
    expect(slices).toHaveLength(3)
    const countTurns = () => {
      turns.push(slices.length)
      if (slices.length < 10) setImmediate(countTurns)
    }
    setImmediate(countTurns)
    await rest
    expect(slices.join('')).toBe(long)
    expect(turns.length).toBeGreaterThan(1)
  })

  it('counts the time of several texts in one task together', () => {
    const { slicer } = slicesOf({ msPerSlice: 4 })
    expect(slicer.push('a')).toBeUndefined()
    expect(slicer.push('b')).toBeUndefined()
    expect(slicer.push(text(2 * MAX_LENGTH))).toBeInstanceOf(Promise)
  })

  it('starts to count again after a pause', () => {
    const { slicer } = slicesOf({ msPerSlice: 9 })
    for (const each of ['a', 'b', 'c']) {
      expect(slicer.push(each + text(100))).toBeUndefined()
      clockMs += 1
    }
  })

  it('halves its slices while one takes more than 5 ms, down to 256 characters, and doubles them again', async () => {
    const { slices, slicer } = slicesOf({ msPerSlice: 6 })
    await slicer.push(text(2 * MAX_LENGTH))
    expect(slices.slice(0, 7).map(({ length }) => length)).toEqual([8_192, 4_096, 2_048, 1_024, 512, 256, 256])
    const fast = slicesOf()
    await fast.slicer.push(text(3 * MAX_LENGTH))
    expect(fast.slices.map(({ length }) => length)).toEqual([8_192, 8_192, 8_192])
  })

  it('drops the rest when its signal is aborted', async () => {
    const { slices, controller, slicer } = slicesOf({ msPerSlice: 20 })
    const rest = slicer.push(text(4 * MAX_LENGTH))
    controller.abort()
    await rest
    expect(slices).toHaveLength(1)
  })

  it('waits for the consumer between slices, and after the last one', async () => {
    let resume = () => {}
    let isFull = true
    const ready = () => (isFull ? new Promise<void>((resolve) => (resume = resolve)) : undefined)
    const { slices, slicer } = slicesOf({ ready })
    let isDone = false
    const rest = slicer.push(text(2 * MAX_LENGTH))?.then(() => {
      isDone = true
    })
    for (const expected of [1, 2]) {
      await new Promise(setImmediate)
      expect(slices).toHaveLength(expected)
      expect(isDone).toBe(false)
      resume()
    }
    isFull = false
    await rest
    expect(isDone).toBe(true)
  })

  it('rejects with an error of the consumer', async () => {
    const onSlice = () => {
      clockMs += 20
      if (clockMs > 30) throw new RangeError('too much')
    }
    const slicer = new TextSlices(new AbortController().signal, onSlice, () => undefined)
    await expect(slicer.push(text(3 * MAX_LENGTH))).rejects.toThrow('too much')
  })
})
