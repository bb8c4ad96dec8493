import { onTestFinished } from 'vitest'

/** Counts the timers that are set from now on and have neither fired nor been cleared. */
export function pendingTimers(): () => number {
  const pending = new Set<unknown>()
  const { setTimeout, clearTimeout } = globalThis
  onTestFinished(() => {
    Object.assign(globalThis, { setTimeout, clearTimeout })
  })
  Object.assign(globalThis, {
    setTimeout: (run: () => void, delayMs?: number) => {
      const timer = setTimeout(() => {
        pending.delete(timer)
        run()
      }, delayMs)
      pending.add(timer)
      return timer
    },
    clearTimeout: (timer: Parameters<typeof clearTimeout>[0]) => {
      pending.delete(timer)
      clearTimeout(timer)
    },
  })
  return () => pending.size
}
