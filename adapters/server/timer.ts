/** Calls `run` once, after `delayMs`, without keeping the process alive. Returns a function that cancels it. */
export function after(delayMs: number, run: () => void): () => void {
  const timer: unknown = setTimeout(run, delayMs)
  // Node has an object, other hosts have a number.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
  return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
}

declare const setImmediate: ((run: () => void) => unknown) | undefined

/** Resolves after the host has handled what is due. Workers have no `setImmediate`. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
