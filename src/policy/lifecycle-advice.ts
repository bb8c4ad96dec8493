import type { LifecycleSignal } from '../platform/lifecycle.ts'

/** What a signal means for a wire. It never ends one, and nothing that follows from it is a failed attempt. */
export interface LifecycleAdvice {
  /**
   * For an attempt that runs: it is left alone, or must show that it is alive, or is given up until the page is back.
   */
  readonly running: 'stay' | 'probe' | 'park'
  /** For a wait: it goes on as it is, or is parked if there is a reason to, or is over soon if there is none. */
  readonly waiting: 'stay' | 'park' | 'hurry'
}

/** The whole of what is done about the life of a page, in one table. */
export const lifecycleAdvice: Readonly<Record<LifecycleSignal, LifecycleAdvice>> = {
  offline: { running: 'stay', waiting: 'park' },
  online: { running: 'stay', waiting: 'hurry' },
  hidden: { running: 'stay', waiting: 'park' },
  shown: { running: 'stay', waiting: 'hurry' },
  // Chromium closes sockets by then, and streams are silent for ever after, without an error.
  frozen: { running: 'park', waiting: 'stay' },
  resumed: { running: 'probe', waiting: 'hurry' },
  // Browsers close what is open, or do not keep the page because of it.
  stored: { running: 'park', waiting: 'stay' },
  restored: { running: 'probe', waiting: 'hurry' },
  woken: { running: 'probe', waiting: 'hurry' },
}
