'use client'

import { useCallback, useMemo, useState } from 'react'
import {
  fromXhr,
  type Progress,
  type Provider,
  type RequestOptions,
  type Wire,
  type XhrBodies,
  type XhrOptions,
} from 'rxwire'
import { useLatest } from './base-hooks.ts'
import { joined } from './field-tracker.ts'
import { reportProgress } from './report-progress.ts'
import { type StartedHookOptions, type StartedResult, useStartedWire } from './use-started-wire.ts'
import { addressOf } from './use-url-wire.ts'

/** Options of {@link useXhr}: those of the wire, and those of the hook. */
export type UseXhrOptions<T, R extends keyof XhrBodies = keyof XhrBodies> = XhrOptions<T, R> & StartedHookOptions

type XhrBody = RequestOptions['body']

/** How far both directions of a request have come. */
interface Transfer {
  readonly upload: Progress | undefined
  readonly download: Progress | undefined
}

/** What {@link useXhr} returns: the wire's state, how far it has come, and its two buttons. */
export interface XhrResult<T>
  extends Omit<StartedResult<[body?: XhrBody], T | undefined>, 'progress' | 'cursor'>,
    Transfer {
  /**
   * Sends, with the options of the last render. A body that is given here takes the place of `body` and `json`. What
   * is still under way is left, and `data` begins anew.
   *
   * @throws TypeError if no request can be made of it, as with a body for a `GET`.
   */
  readonly start: (body?: XhrBody) => void
}

const NOTHING_YET: Transfer = { upload: undefined, download: undefined }

// The overloads below have seen to it that the decoder reads what the body is read as.
const connect = fromXhr as <T>(url: Provider<string | URL>, options: XhrOptions<T>) => Wire<T>

/**
 * An upload or a download on demand, with its progress. Nothing is sent before `start`, `stop` leaves it, and
 * unmounting aborts. How far it had come stays to be seen, until the next start or the next attempt.
 *
 * @param url Where to, or a function that says so for each attempt.
 * @param options Those of `fromXhr`, and `lingerMs`. May be written inline.
 * @throws TypeError if the url or an option makes no sense.
 *
 * @example
 * ```tsx
 * import { useXhr } from 'rxwire/react'
 *
 * export function Upload() {
 *   const { start, stop, upload, error } = useXhr('/files', { method: 'POST' })
 *   return (
 *     <form>
 *       <input type="file" onChange={({ target: { files } }) => files?.[0] && start(files[0])} />
 *       <progress value={upload?.fraction ?? 0} />
 *       <button type="button" onClick={stop}>Stop</button>
 *       <p>{error?.message}</p>
 *     </form>
 *   )
 * }
 * ```
 */
export function useXhr<R extends Exclude<keyof XhrBodies, 'json'>, T = XhrBodies[R]>(
  url: Provider<string | URL>,
  options: UseXhrOptions<T, R> & { readonly responseType: R },
): XhrResult<T>
export function useXhr<T = unknown>(url: Provider<string | URL>, options?: UseXhrOptions<T, 'json'>): XhrResult<T>
export function useXhr<T>(url: Provider<string | URL>, options: UseXhrOptions<T> = {}): XhrResult<T> {
  // A mistake in the options shows where it was made, in the render, and not later when a button is pressed.
  useMemo(() => connect(url, options), [addressOf(url, options.query)])

  const latest = useLatest({ url, options })
  const [transfer, setTransfer] = useState(NOTHING_YET)
  const started = useStartedWire<[Wire<T>], T, T | undefined, T | undefined>((wire) => wire, {
    lingerMs: options.lingerMs,
    throwOnError: options.throwOnError,
    initial: undefined,
    fold: (_, body) => body,
  })
  const { start: open } = started
  const start = useCallback(
    (body?: XhrBody) => {
      const { url, options } = latest.current
      const wire = connect(url, body === undefined ? options : { ...options, body, json: undefined })
      open(
        wire.pipe(
          reportProgress((progress) => {
            setTransfer((before) =>
              progress === undefined ? NOTHING_YET : { ...before, [progress.direction]: progress },
            )
          }),
        ),
      )
      setTransfer(NOTHING_YET)
    },
    [latest, open],
  )
  return useMemo(() => joined(started, { ...transfer, start }), [started, transfer, start])
}
