import { connect, ignoreElements, type MonoTypeOperatorFunction, merge, tap } from 'rxjs'
import type { WireEvent } from '../wire.ts'
import { type Progress, progress } from './progress.ts'

/**
 * Measures the progress on the side, as {@link progress} does, and hands all events on as they are: for whoever wants
 * the messages as well.
 *
 * @param onProgress Is told of at most ten values a second, always of the last one, and when nothing moves any longer. What it throws
 *   is the error of the wire, as it is, and the connection is left: so does `tap` of RxJS.
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
  // The measure comes first: it has its last word before the wire ends.
  return connect((wire) => merge(wire.pipe(progress(), tap(onProgress), ignoreElements()), wire))
}
