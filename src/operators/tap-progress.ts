import { connect, ignoreElements, type MonoTypeOperatorFunction, merge, tap } from 'rxjs'
import type { WireEvent } from '../wire.ts'
import { type Progress, progress } from './progress.ts'

/**
 * Calls a function with the progress that {@link progress} would emit, and passes all events through. For callers that
 * need the messages as well.
 *
 * @param onProgress Receives at most ten values per second, always the last one, and one more when the transfer stalls.
 *   An error that it throws becomes the error of the wire and closes the connection, as with `tap` of RxJS.
 *
 * @example
 * ```ts
 * import { fromFetch, messages, tapProgress } from 'rxwire'
 *
 * fromFetch('/report.pdf', { responseType: 'blob' })
 *   .pipe(
 *     tapProgress(({ fraction = 0 }) => console.info(`${Math.round(fraction * 100)} %`)),
 *     messages(),
 *   )
 *   .subscribe((report) => console.info(report.size))
 * ```
 */
export function tapProgress<T>(onProgress: (progress: Progress) => void): MonoTypeOperatorFunction<WireEvent<T>> {
  // The measurement is merged first, so that its last value comes before the end of the wire.
  return connect((wire) => merge(wire.pipe(progress(), tap(onProgress), ignoreElements()), wire))
}
