import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { isTaskQueueBusy } from '../../../src/platform/animation-frame.ts'

/** Lets what was put off have its turn. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 20))

afterEach(turn)

describe('areTasksQueueing', () => {
  it('says so when a task has had no turn for several frames, until it has had it', async () => {
    const frames = (count: number) => Array.from({ length: count }, isTaskQueueBusy)
    expect(frames(5)).toEqual([false, false, false, true, true])
    await turn()
    expect(frames(2)).toEqual([false, false])
  })

  it('says no to a page whose tasks run between its frames', async () => {
    for (let frame = 0; frame < 6; frame += 1) {
      expect(isTaskQueueBusy()).toBe(false)
      await turn()
    }
  })

  it('says no on hosts where nothing can be put off this way', () => {
    vi.stubGlobal('MessageChannel', undefined)
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    expect([1, 2, 3, 4, 5].some(isTaskQueueBusy)).toBe(false)
  })
})
