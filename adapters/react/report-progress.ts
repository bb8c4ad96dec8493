import { type MonoTypeOperatorFunction, pipe, tap } from 'rxjs'
import { type Progress, tapProgress, type WireEvent } from 'rxwire'

/** Reports the progress of a wire without changing its events, and `undefined` when an attempt starts. */
export function reportProgress<T>(
  report: (progress: Progress | undefined) => void,
): MonoTypeOperatorFunction<WireEvent<T>> {
  return pipe(
    tap(({ type }) => type === 'connecting' && report(undefined)),
    tapProgress(report),
  )
}
