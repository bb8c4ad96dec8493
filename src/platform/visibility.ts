import { EMPTY, fromEvent, map, type Observable } from 'rxjs'

/** Whether the page is in the background. Advice, as all that hosts say of themselves. */
export function isHidden(): boolean {
  return typeof document !== 'undefined' && document.visibilityState === 'hidden'
}

/** `true` each time the page is hidden, `false` each time it is shown. Silent on hosts without pages. */
export function visibilityChanges(): Observable<boolean> {
  if (typeof document === 'undefined') return EMPTY
  return fromEvent(document, 'visibilitychange').pipe(map(() => isHidden()))
}
