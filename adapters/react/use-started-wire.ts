'use client'

import { useCallback, useMemo, useRef, useState } from 'react'
import { NEVER, of } from 'rxjs'
import type { Wire } from 'rxwire'
import { useLatest } from './base-hooks.ts'
import { joined } from './field-tracker.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreState, type WireResult } from './use-wire.ts'
import type { AnyView } from './view-options.ts'

/** A wire's state, and its two buttons. */
export interface StartedResult<A extends readonly unknown[], D> extends Omit<WireResult<D>, 'reconnect'> {
  /** Asks, with these arguments. What is still under way is left at once, and `data` begins anew. */
  readonly start: (...args: A) => void
  /** Leaves what was started last, also in the same breath, and keeps what has come. The same function always. */
  readonly stop: () => void
}

/** The options of hooks that open nothing by themselves. */
export interface StartedHookOptions extends Pick<UseWireOptions, 'throwOnError'> {
  /**
   * How long what is under way outlives the component, also one that `<Activity>` hides, in milliseconds. The next start
   * never waits for it. Default 0.
   */
  readonly lingerMs?: UseWireOptions['lingerMs']
}

/** One call of `start`: an object of its own, because the same question twice is asked twice. */
interface Question<A> {
  readonly args: A
  /** Known here and not only to the store, which a question that no render has seen does not have yet. */
  isStopped: boolean
  isAsked: boolean
}

const stopped: Wire<never> = of({ type: 'close', wasClean: true, reason: 'stopped' })

/** The base of the hooks that open nothing before `start`. */
export function useStartedWire<A extends readonly unknown[], T, D, S>(
  ask: (...args: A) => Wire<T>,
  options: StartedHookOptions & Omit<AnyView<T, D, S>, 'dehydrated'>,
): StartedResult<A, S> {
  const [question, setQuestion] = useState<Question<A>>()
  const last = useRef(question)
  const answer = () => {
    if (question === undefined || question.isStopped) return stopped
    // What was left in the midst, because its component was hidden, is not asked again: only a person may do that.
    if (question.isAsked) return NEVER
    question.isAsked = true
    return ask(...question.args)
  }
  const store = useStore<T, D>(answer, { ...options, enabled: question !== undefined, restartOn: [question] })
  const latestStore = useLatest(store)
  const state = useStoreState(store, options)

  const stop = useCallback(() => {
    if (last.current !== undefined) last.current.isStopped = true
    latestStore.current.stop()
  }, [latestStore])
  const start = useCallback(
    (...args: A) => {
      stop()
      last.current = { args, isStopped: false, isAsked: false }
      setQuestion(last.current)
    },
    [stop],
  )
  return useMemo(() => joined(state, { start, stop }), [state, start, stop])
}
