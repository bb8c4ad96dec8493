// The tests of this folder run with Vitest and with Jest, which provide the same globals.
import 'vitest/globals'
import type { WireMatchers } from 'rxwire/testing'

declare module 'vitest' {
  interface Matchers<R, T> extends WireMatchers<R> {}
}

declare global {
  /** The fake timers of Jest. Missing under Vitest, which has `vi`. */
  const jest: { useFakeTimers(): void; useRealTimers(): void }
}
