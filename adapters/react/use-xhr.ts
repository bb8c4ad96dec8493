import { useCallback, useMemo, useState } from 'react'
import {
  type Decode,
  type DecodeRequired,
  fromXhr,
  type MessageOf,
  type NeedsDecode,
  type Progress,
  type Provider,
  type RequestOptions,
  type Wire,
  type WireCallbacks,
  type XhrBodies,
  type XhrOptions,
} from 'rxwire'
import { useLatest } from './base-hooks.ts'
import { mergeFields } from './field-tracker.ts'
import { reportProgress } from './report-progress.ts'
import { type StartedHookOptions, type StartedResult, useStartedWire } from './use-started-wire.ts'
import { addressOf, requestPart } from './use-url-wire.ts'

/** Options of {@link useXhr}: those of `fromXhr` and of the hook. */
export type UseXhrOptions<T, R extends keyof XhrBodies = keyof XhrBodies> = XhrOptions<T, R> &
  StartedHookOptions &
  WireCallbacks<NoInfer<T>>

type XhrBody = RequestOptions['body']

/** The progress of both directions of a request. */
interface Transfer {
  readonly upload: Progress | undefined
  readonly download: Progress | undefined
}

/** What {@link useXhr} returns: the state of the wire, its progress, `start` and `stop`. */
export interface XhrResult<T>
  extends Omit<StartedResult<[body?: XhrBody], T | undefined>, 'progress' | 'cursor'>,
    Transfer {
  /**
   * Sends the request with the options of the last render. A `body` argument replaces the options `body` and `json`. A
   * request that is still in flight is aborted, and `data` starts over.
   *
   * @throws TypeError if the request is invalid, for example a `GET` with a body.
   */
  readonly start: (body?: XhrBody) => void
}

const NO_TRANSFER: Transfer = { upload: undefined, download: undefined }

// The overloads below check that the decoder matches `responseType`.
const connect = fromXhr as unknown as <T>(url: Provider<string | URL>, options: XhrOptions<T>) => Wire<T>

/**
 * Sends a request on demand and reports the progress of its upload and download. It sends on `start`, and aborts on
 * `stop` and on unmount. The progress stays in the result until the next `start` or the next attempt.
 *
 * Options may be written inline. When a changed option takes effect:
 * - `onMessage`, `onOpen`, `onError`, `onClose`: with the next event.
 * - `throwOnError`: in the same render.
 * - All others: with the next `start`. Its retries use the same options.
 *
 * @param url The URL of the request, or a function that returns it for each attempt.
 * @param options Options of `fromXhr`; `lingerMs` (default 0), `throwOnError` (default `false`).
 * @throws TypeError if the url or an option is invalid.
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
export function useXhr<T = never, R extends keyof XhrBodies = 'json'>(
  url: Provider<string | URL>,
  options?: NeedsDecode<XhrBodies[R], T, DecodeRequired<Decode<XhrBodies[R], T>>> & UseXhrOptions<T, R>,
): XhrResult<MessageOf<T, XhrBodies[R]>>
export function useXhr<T>(url: Provider<string | URL>, options: UseXhrOptions<T> = {}): XhrResult<T> {
  // Validates the options in the render, and not only on `start`.
  useMemo(() => connect(url, options), [addressOf(url, requestPart(options))])

  const latest = useLatest({ url, options })
  const [transfer, setTransfer] = useState(NO_TRANSFER)
  const started = useStartedWire<[Wire<T>], T, T | undefined, T | undefined>((wire) => wire, {
    lingerMs: options.lingerMs,
    publishEveryMs: options.publishEveryMs,
    throwOnError: options.throwOnError,
    onMessage: options.onMessage,
    onOpen: options.onOpen,
    onError: options.onError,
    onClose: options.onClose,
    initial: undefined,
    fold: (_, body) => body,
  })
  const { start: connectWire } = started
  const start = useCallback(
    (body?: XhrBody) => {
      const { url, options } = latest.current
      const wire = connect(url, body === undefined ? options : { ...options, body, json: undefined })
      connectWire(
        wire.pipe(
          reportProgress((progress) => {
            setTransfer((previous) =>
              progress === undefined ? NO_TRANSFER : { ...previous, [progress.direction]: progress },
            )
          }),
        ),
      )
      setTransfer(NO_TRANSFER)
    },
    [latest, connectWire],
  )
  return useMemo(() => mergeFields(started, { ...transfer, start }), [started, transfer, start])
}
