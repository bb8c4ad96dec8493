import { Observable } from 'rxjs'
import type { Wire, WireError } from 'rxwire'

/** A wire that fails with one of these errors per subscription, in order, and then completes. */
export function failing(...errors: WireError[]): Wire<never> {
  const left = [...errors]
  return new Observable((subscriber) => {
    const error = left.shift()
    if (error === undefined) subscriber.complete()
    else subscriber.error(error)
  })
}
