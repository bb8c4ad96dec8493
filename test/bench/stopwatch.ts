/** Starts a measurement. The returned function returns the elapsed milliseconds. */
export type Stopwatch = () => () => number

/** Measures real time, including waiting. */
export const startClock: Stopwatch = () => {
  const startedMs = performance.now()
  return () => performance.now() - startedMs
}

/** Measures the CPU time of this thread. Other load on the machine is not part of it. */
export const startThreadClock: Stopwatch = () => {
  const started = process.threadCpuUsage()
  return () => {
    const { user, system } = process.threadCpuUsage(started)
    return (user + system) / 1_000
  }
}
