import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { onNextFrame } from '../../../src/platform/animation-frame.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

/** A page that runs its animation frames when the test draws. Until then it behaves like a hidden page. */
function stubFrames() {
  const waiting = new Map<number, () => void>()
  let handles = 0
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
    handles += 1
    waiting.set(handles, run)
    return handles
  })
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => waiting.delete(handle))
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  return {
    draw: () => {
      const due = [...waiting.values()]
      waiting.clear()
      for (const run of due) run()
    },
    get waiting() {
      return waiting.size
    },
  }
}

describe('onNextFrame', () => {
  it('runs once, with the next animation frame', () => {
    const frames = stubFrames()
    const run = vi.fn()
    onNextFrame(run)
    expect(run).not.toHaveBeenCalled()
    frames.draw()
    expect(run).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
    frames.draw()
    vi.advanceTimersByTime(1_000)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('runs once by a timer on a hidden page, even if its frame comes later', () => {
    const frames = stubFrames()
    const run = vi.fn()
    onNextFrame(run)
    vi.advanceTimersByTime(249)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledTimes(1)
    expect(frames.waiting).toBe(0)
    frames.draw()
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('runs after 16 ms on hosts without animation frames', () => {
    const run = vi.fn()
    onNextFrame(run)
    vi.advanceTimersByTime(15)
    expect(run).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(run).toHaveBeenCalledTimes(1)
  })

  it.each(['a page', 'a host without frames'])('releases its frame and its timer when cancelled on %s', (host) => {
    const frames = host === 'a page' ? stubFrames() : undefined
    const run = vi.fn()
    const cancel = onNextFrame(run)
    cancel()
    expect(frames?.waiting ?? 0).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(run).not.toHaveBeenCalled()
  })

  it('runs all callbacks in one frame, so that the page draws once', () => {
    const frames = stubFrames()
    const order: string[] = []
    onNextFrame(() => order.push('first'))
    onNextFrame(() => order.push('second'))
    expect(frames.waiting).toBe(1)
    frames.draw()
    expect(order).toEqual(['first', 'second'])
  })

  it('defers a callback that is requested during a frame to the next one', () => {
    const frames = stubFrames()
    const late = vi.fn()
    onNextFrame(() => onNextFrame(late))
    frames.draw()
    expect(late).not.toHaveBeenCalled()
    frames.draw()
    expect(late).toHaveBeenCalledTimes(1)
  })

  it('does not run a callback that is cancelled in the same frame', () => {
    const frames = stubFrames()
    const late = vi.fn()
    onNextFrame(() => cancel())
    const cancel = onNextFrame(late)
    frames.draw()
    expect(late).not.toHaveBeenCalled()
  })

  it('runs the other callbacks when one is cancelled', () => {
    const frames = stubFrames()
    const other = vi.fn()
    const cancel = onNextFrame(() => {})
    onNextFrame(other)
    cancel()
    frames.draw()
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('runs the other callbacks when one throws and rethrows the error asynchronously', () => {
    const frames = stubFrames()
    const other = vi.fn()
    onNextFrame(() => {
      throw new Error('one of many')
    })
    onNextFrame(other)
    frames.draw()
    expect(other).toHaveBeenCalledTimes(1)
    expect(() => vi.runAllTimers()).toThrow('one of many')
  })
})
