import type { Observable } from 'rxjs'
import type { ReconnectPolicy } from '../policy/retry-policy.ts'
import { requireFunction } from '../validate.ts'
import type { Wire } from '../wire.ts'

/** Which answer a function of a {@link Run} is called for. */
export interface RunPoint {
  /** What the application calls it: the id of the store or the hook, such as that of a conversation. */
  readonly id: string
  /**
   * What the server calls it. Each `start` makes a random one for the server to use. It is replaced by what `runIdOf`
   * returns, or by the text that the promise of `start` resolves with. With `attach`, it is the `id`.
   */
  readonly runId: string
}

/** An answer that the server produces on its own, while clients come and go. See {@link createRun}. */
export interface Run<I, T> {
  /**
   * Starts the answer. Called once for each `start` of a store. Returns the wire that delivers the answer, or a promise
   * that resolves when the server has accepted the request. Then `resume` delivers all of the answer.
   */
  readonly start: (input: I, point: RunPoint) => Wire<T> | Promise<unknown>
  /**
   * Returns the wire that delivers what follows `resumeFrom`, the id of the last message, or all of the answer if that is
   * `undefined`. A wire that completes without a message, as after a 204, says that there is nothing to deliver.
   */
  readonly resume: (point: RunPoint & { readonly resumeFrom: string | undefined }) => Wire<T>
  /** Ends the answer on the server. Default: the server is not asked to. */
  readonly stop?: ((point: RunPoint) => Observable<unknown> | Promise<unknown>) | undefined
  /** Returns how the server names the answer, from one of the first messages. Default: `runId` stays random. */
  readonly runIdOf?: ((message: T) => string | undefined) | undefined
  /** When to attach again after a lost connection, and when to give up. Default: without a limit, as for streams. */
  readonly reconnect?: ReconnectPolicy | undefined
}

/**
 * Describes an answer that the server produces on its own, such as that of a language model. A client starts it, detaches
 * (it unmounts, navigates or reloads), attaches again where it was, and stops it. Detaching does not stop it. Pass the run
 * to `useRun` or `runStore`.
 *
 * The request of `start` is sent once for each call of `start`. After a lost connection, and when a listener comes back,
 * `resume` attaches instead.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { createRun, fromEventSource, fromFetch, json, messages } from 'rxwire'
 * import { lastValueFrom } from 'rxjs'
 *
 * const at = (runId: string) => `/answers/${encodeURIComponent(runId)}`
 *
 * export const answer = createRun({
 *   start: (prompt: string, { runId }) =>
 *     lastValueFrom(fromFetch(at(runId), { method: 'PUT', json: { prompt } }).pipe(messages())),
 *   resume: ({ runId, resumeFrom }) =>
 *     fromEventSource(at(runId), { resumeFrom, decode: json<{ text: string }>(), endMarker: '"end"' }),
 *   stop: ({ runId }) => fromFetch(at(runId), { method: 'DELETE' }),
 * })
 * ```
 */
export function createRun<I = void, T = unknown>(options: Run<I, T>): Run<I, T> {
  for (const name of ['start', 'resume'] as const) {
    if (typeof options[name] !== 'function') throw new TypeError(`${name} must be a function`)
  }
  requireFunction('stop', options.stop)
  requireFunction('runIdOf', options.runIdOf)
  return Object.freeze({ ...options })
}
