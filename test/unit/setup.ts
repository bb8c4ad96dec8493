import { afterAll, vi } from 'vitest'
import { onNextFrame } from '../../src/platform/animation-frame.ts'

// The files of a worker share its globals, and the animation frame that is pending.
afterAll(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  await new Promise<unknown>((resolve) => onNextFrame(resolve))
})
