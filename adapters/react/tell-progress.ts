import { connect, ignoreElements, type MonoTypeOperatorFunction, merge, pipe, tap } from 'rxjs'
import { type Progress, progress, type WireEvent } from 'rxwire'

/**
 * Measures a wire's progress on the side: the events pass through unchanged, and each {@link Progress} is told;
 * `undefined` when an attempt begins, of which nothing is known yet.
 */
export function tellProgress<T>(
  tell: (progress: Progress | undefined) => void,
): MonoTypeOperatorFunction<WireEvent<T>> {
  return pipe(
    tap(({ type }) => type === 'connecting' && tell(undefined)),
    // The measure comes first: it has its last word before the wire ends.
    connect((wire) => merge(wire.pipe(progress(), tap(tell), ignoreElements()), wire)),
  )
}
