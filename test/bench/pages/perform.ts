declare global {
  /** What the page can do, for whoever drives it. */
  var perform: (order: never) => Promise<unknown>
  /** How often React has changed the page. */
  var commits: number
}

/** Offers the one work of a page. */
export function offer<O, R>(work: (order: O) => Promise<R>): void {
  globalThis.perform = work
}
