declare global {
  /** Runs the benchmark of the page. The test driver calls it. */
  var perform: (order: never) => Promise<unknown>
  /** How many commits React has made. */
  var commits: number
}

/** Registers the benchmark of a page. */
export function offer<O, R>(work: (order: O) => Promise<R>): void {
  globalThis.perform = work
}
