'use client'

import { useCallback, useRef, useState } from 'react'
import { of } from 'rxjs'
import type { FoldOptions, KeepOptions, Wire } from 'rxwire'
import { type UseWireOptions, useWire, type WireResult } from './use-wire.ts'

/** A wire's state, and its two buttons. */
export interface StartedResult<A extends readonly unknown[], D> extends Omit<WireResult<D>, 'reconnect'> {
  /** Asks, with these arguments. What is still under way is left at once, and `data` begins anew. */
  readonly start: (...args: A) => void
  /** Leaves what was started last, also in the same breath, and keeps what has come. The same function always. */
  readonly stop: () => void
}

/** The options of hooks that open nothing by themselves. */
export interface StartedHookOptions {
  /** How long what is under way outlives the component, in milliseconds. The next start never waits for it. Default 0. */
  readonly lingerMs?: UseWireOptions['lingerMs']
}

/** One call of `start`: an object of its own, because the same question twice is asked twice. */
interface Question<A> {
  readonly args: A
  /** Known here and not only to the store, which a question that no render has seen does not have yet. */
  isStopped: boolean
}

const stopped: Wire<never> = of({ type: 'close', wasClean: true, reason: 'stopped' })

/** The base of the hooks that open nothing before `start`. */
export function useStartedWire<A extends readonly unknown[], T, D>(
  ask: (...args: A) => Wire<T>,
  options: StartedHookOptions & Partial<FoldOptions<T, D> & KeepOptions>,
): StartedResult<A, D> {
  const [question, setQuestion] = useState<Question<A>>()
  const last = useRef(question)
  const answer = () => (question === undefined || question.isStopped ? stopped : ask(...question.args))
  const {
    reconnect: _,
    stop: stopShown,
    ...result
  } = useWire<T, D>(answer, {
    ...(options as StartedHookOptions & FoldOptions<T, D>),
    enabled: question !== undefined,
    restartOn: [question],
  })

  const stop = useCallback(() => {
    if (last.current !== undefined) last.current.isStopped = true
    stopShown()
  }, [stopShown])
  const start = useCallback(
    (...args: A) => {
      stop()
      last.current = { args, isStopped: false }
      setQuestion(last.current)
    },
    [stop],
  )
  return { ...result, start, stop }
}
