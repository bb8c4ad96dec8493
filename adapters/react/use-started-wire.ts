import { useCallback, useMemo, useRef, useState } from 'react'
import { NEVER, of } from 'rxjs'
import type { Wire } from 'rxwire'
import { useLatest } from './base-hooks.ts'
import { mergeFields } from './field-tracker.ts'
import { useStore } from './use-store.ts'
import { type UseWireOptions, useStoreState, type WireResult } from './use-wire.ts'
import type { AnyView } from './view-options.ts'

/** What hooks that connect on demand return: the state of the wire, `start` and `stop`. */
export interface StartedResult<A extends readonly unknown[], D> extends Omit<WireResult<D>, 'reconnect'> {
  /** Connects with these arguments. A connection that is still open is aborted, and `data` starts over. */
  readonly start: (...args: A) => void
  /**
   * Aborts the last `start`, also when both are called in the same event handler. The data received so far stays. The
   * function keeps its identity.
   */
  readonly stop: () => void
}

/** Options of the hooks that connect on demand. */
export interface StartedHookOptions extends Pick<UseWireOptions, 'throwOnError'> {
  /**
   * How long a connection stays open after the component unmounts or is hidden by `<Activity>`, in milliseconds. The
   * next `start` does not wait for it. Default 0.
   */
  readonly lingerMs?: UseWireOptions['lingerMs']
  /**
   * How often data is rendered at most, in milliseconds: chat interfaces choose 50. The first message, the end and every
   * change of the connection do not wait for it, and the last data is always rendered. Default 0: once per animation frame.
   */
  readonly publishEveryMs?: UseWireOptions['publishEveryMs']
}

/** One call of `start`. Each call is a new object, so that equal arguments connect again. */
interface StartCall<A> {
  readonly args: A
  /** Kept here and not in the store: before the next render, the store of this call does not exist yet. */
  isStopped: boolean
  hasConnected: boolean
}

const stopped: Wire<never> = of({ type: 'close', wasClean: true, reason: 'stopped' })

/** The base of the hooks that do not connect before `start`. */
export function useStartedWire<A extends readonly unknown[], T, D, S>(
  connect: (...args: A) => Wire<T>,
  options: StartedHookOptions & Omit<AnyView<T, D, S>, 'dehydrated'>,
): StartedResult<A, S> {
  const [call, setCall] = useState<StartCall<A>>()
  const lastCall = useRef(call)
  const source = () => {
    if (call === undefined || call.isStopped) return stopped
    // `<Activity>` closed the connection. It is not opened again: only the user may repeat the request.
    if (call.hasConnected) return NEVER
    call.hasConnected = true
    return connect(...call.args)
  }
  const store = useStore<T, D>(source, { ...options, enabled: call !== undefined, restartOn: [call] })
  const latestStore = useLatest(store)
  const state = useStoreState(store, options)

  const stop = useCallback(() => {
    if (lastCall.current !== undefined) lastCall.current.isStopped = true
    latestStore.current.stop()
  }, [latestStore])
  const start = useCallback(
    (...args: A) => {
      stop()
      lastCall.current = { args, isStopped: false, hasConnected: false }
      setCall(lastCall.current)
    },
    [stop],
  )
  return useMemo(() => mergeFields(state, { start, stop }), [state, start, stop])
}
