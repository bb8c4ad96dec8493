/**
 * Runs something while at least one value is watched, for frameworks whose values tell whether they are: from the next
 * microtask on, because a framework forbids changes while it reads.
 *
 * @param start Called when the first value is watched. Returns the function that ends it.
 * @returns Adds a watcher, and returns the function that removes it.
 */
export function whileWatched(start: () => () => void): () => () => void {
  let watchers = 0
  let stop: (() => void) | undefined
  const settle = () => {
    if (watchers > 0) stop ??= start()
    else {
      stop?.()
      stop = undefined
    }
  }
  const change = (by: number) => {
    watchers += by
    Promise.resolve().then(settle)
  }
  return () => {
    change(1)
    return () => change(-1)
  }
}
