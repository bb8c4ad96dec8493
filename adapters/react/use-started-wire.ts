'use client'

import { useCallback, useState } from 'react'
import type { FoldOptions, KeepOptions, Wire } from 'rxwire'
import { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'

/** A wire's state, and its two buttons. */
export interface StartedResult<A extends readonly unknown[], D> extends Omit<WireResult<D>, 'reconnect'> {
  /** Asks, with these arguments. What is still under way is left, and `data` begins anew. */
  readonly start: (...args: A) => void
}

/** The options of hooks that open nothing by themselves. */
export type StartedHookOptions = Pick<UseWireOptions, 'lingerMs'>

/** The base of the hooks that open nothing before `start`. */
export function useStartedWire<A extends readonly unknown[], T, D>(
  ask: (...args: A) => Wire<T>,
  options: StartedHookOptions & Partial<FoldOptions<T, D> & KeepOptions>,
): StartedResult<A, D> {
  // The arguments of each call are an object of their own: the same question twice is asked twice.
  const [args, setArgs] = useState<A>()
  const { reconnect: _, ...result } = useWire<T, D>(() => ask(...(args as A)), {
    ...(options as StartedHookOptions & FoldOptions<T, D>),
    enabled: args !== undefined,
    restartOn: [args],
  })
  const start = useCallback((...next: A) => setArgs(next), [])
  return { ...result, start }
}
