// Saved before a test installs fake timers.
const { setImmediate } = globalThis

/** Waits for one turn of the event loop, in which pending promise callbacks run. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** The current state of each promise: `'pending'`, `'resolved'`, or its rejection reason. */
export async function fatesOf(...promises: readonly Promise<unknown>[]): Promise<unknown[]> {
  const fates: unknown[] = promises.map(() => 'pending')
  for (const [at, promise] of promises.entries()) {
    promise.then(
      () => {
        fates[at] = 'resolved'
      },
      (reason: unknown) => {
        fates[at] = reason
      },
    )
  }
  await turn()
  return fates
}

/** The current state of a promise. See {@link fatesOf}. */
export async function fateOf(promise: Promise<unknown>): Promise<unknown> {
  const [fate] = await fatesOf(promise)
  return fate
}

/** The reasons of rejections that stay unhandled while this runs and in the turn after it. */
export async function unhandledRejections(run: () => unknown): Promise<unknown[]> {
  // The listener of Vitest would fail the run.
  const others = process.listeners('unhandledRejection')
  const reasons: unknown[] = []
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', (reason) => reasons.push(reason))
  try {
    await run()
    await turn()
    return reasons
  } finally {
    process.removeAllListeners('unhandledRejection')
    for (const listener of others) process.on('unhandledRejection', listener)
  }
}
