import { onTestFinished } from 'vitest'

/** Collects the errors that nothing handles from now on. Vitest reports them too, but not after which subscriptions. */
export function strayErrors(): readonly unknown[] {
  const errors: unknown[] = []
  const note = (error: unknown) => errors.push(error)
  if (typeof document === 'undefined') {
    for (const event of ['unhandledRejection', 'uncaughtException']) process.on(event, note)
    onTestFinished(() => {
      for (const event of ['unhandledRejection', 'uncaughtException']) process.off(event, note)
    })
    return errors
  }
  const left = new AbortController()
  onTestFinished(() => left.abort())
  addEventListener('error', ({ error }) => note(error), left)
  addEventListener('unhandledrejection', ({ reason }) => note(reason), left)
  return errors
}
