/** Calls `run` once, after `delayMs`, without keeping the process alive. Returns a function that cancels it. */
export function after(delayMs: number, run: () => void): () => void {
  const timer: unknown = setTimeout(run, delayMs)
  // Node has an object, other hosts have a number.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
  return () => clearTimeout(timer as ReturnType<typeof setTimeout>)
}
