import type { RequestOptions } from 'rxwire'
import type { Latest } from './base-hooks.ts'

/**
 * The default of each callback, used while the option is absent. `undefined`: only the transport knows the default. If
 * such a callback is absent when the connection opens, it is ignored until the next connection opens.
 */
export type CallbackDefaults<O> = { readonly [Name in keyof O]?: ((...args: never[]) => unknown) | undefined }

/**
 * Returns the callbacks among the options as stable functions. Each calls the callback of the last committed render, so
 * callbacks may be written inline, and added or removed later. A schema is not a callback, even if it is callable.
 *
 * @param defaults Which options are callbacks, and the default of each.
 */
export function liveCallbacks<O extends object>(latest: Latest<O>, defaults: CallbackDefaults<O>): Partial<O> {
  const live: Partial<O> = {}
  for (const name of Object.keys(defaults) as (keyof O)[]) {
    const current = () => asCallback(latest.current[name] ?? defaults[name])
    const fallback = current()
    if (fallback === undefined) continue
    const call = (...args: unknown[]) => (current() ?? fallback)(...args)
    live[name] = call as O[keyof O]
  }
  return live
}

function asCallback(value: unknown): ((...args: unknown[]) => unknown) | undefined {
  return typeof value === 'function' && !('~standard' in value) ? (value as () => unknown) : undefined
}

/**
 * Returns `headers` and `body` as functions that read the last committed render for each attempt; `body` only if there
 * is one when the connection opens.
 */
export function liveRequest(latest: Latest<RequestOptions>): Pick<RequestOptions, 'headers' | 'body'> {
  return {
    // A function even if there are no headers yet: a token often arrives a render later.
    headers: (context) => resolve(latest.current.headers ?? {}, context),
    ...(latest.current.body !== undefined && { body: (context) => resolve(latest.current.body ?? null, context) }),
  }
}

function resolve<V, C>(provider: V | ((context: C) => V | Promise<V>), context: C): V | Promise<V> {
  return typeof provider === 'function' ? (provider as (context: C) => V | Promise<V>)(context) : provider
}
