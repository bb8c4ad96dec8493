import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isTaskQueueBusy } from '../../../src/platform/animation-frame.ts'

/** Lets deferred tasks run. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 20))

afterEach(turn)

describe('isTaskQueueBusy', () => {
  it('returns true while a task has been pending for several frames', async () => {
    const frames = (count: number) => Array.from({ length: count }, isTaskQueueBusy)
    expect(frames(5)).toEqual([false, false, false, true, true])
    await turn()
    expect(frames(2)).toEqual([false, false])
  })

  it('returns false while tasks run between frames', async () => {
    for (let frame = 0; frame < 6; frame += 1) {
      expect(isTaskQueueBusy()).toBe(false)
      await turn()
    }
  })

  it('returns false on hosts without MessageChannel', () => {
    vi.stubGlobal('MessageChannel', undefined)
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    expect([1, 2, 3, 4, 5].some(isTaskQueueBusy)).toBe(false)
  })
})
