// Taken before a test can make time stand still.
const { setImmediate } = globalThis

/** Lets everything happen that waits for nothing but its turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

/** What has become of each promise by now: `'pending'`, `'resolved'`, or the reason why not. */
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

/** What has become of a promise by now. */
export async function fateOf(promise: Promise<unknown>): Promise<unknown> {
  const [fate] = await fatesOf(promise)
  return fate
}

/** The reasons of the rejections that nobody handles while this runs and in the turn after it. */
export async function unhandledRejections(run: () => unknown): Promise<unknown[]> {
  // Vitest listens as well, and would let the run fail.
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
