/** Starts to measure; what comes back says how many milliseconds it has been since. */
export type Stopwatch = () => () => number

/** Time as it passes for those who wait. */
export const startClock: Stopwatch = () => {
  const startedMs = performance.now()
  return () => performance.now() - startedMs
}

/** Time in which this thread was at work: what else the machine does is not in it. */
export const startThreadClock: Stopwatch = () => {
  const started = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(started)
    return (user + system) / 1_000
  }
}
