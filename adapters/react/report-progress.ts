import { type MonoTypeOperatorFunction, pipe, tap } from 'rxjs'
import { type Progress, tapProgress, type WireEvent } from 'rxwire'

/** Tells of a wire's progress on the side; of `undefined` when an attempt begins, of which nothing is known yet. */
export function reportProgress<T>(
  tell: (progress: Progress | undefined) => void,
): MonoTypeOperatorFunction<WireEvent<T>> {
  return pipe(
    tap(({ type }) => type === 'connecting' && tell(undefined)),
    tapProgress(tell),
  )
}
