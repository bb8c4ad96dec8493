import type { Latest } from './use-latest.ts'

/**
 * The callbacks among some options, each of which runs what the last committed render was given: they may be
 * written inline. A schema is no callback, even where it can be called.
 */
export function liveCallbacks<O extends object>(latest: Latest<O>, names: readonly (keyof O)[]): Partial<O> {
  const live: Partial<O> = {}
  for (const name of names) {
    const first = callback(latest.current[name])
    if (first === undefined) continue
    const call = (...args: unknown[]) => (callback(latest.current[name]) ?? first)(...args)
    live[name] = call as O[keyof O]
  }
  return live
}

function callback(value: unknown): ((...args: unknown[]) => unknown) | undefined {
  return typeof value === 'function' && !('~standard' in value) ? (value as () => unknown) : undefined
}
