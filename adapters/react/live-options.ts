import type { RequestOptions } from 'rxwire'
import type { Latest } from './base-hooks.ts'

/**
 * What takes a callback's place while none is given. `undefined`: only the transport can say, so one that is missing
 * when the connection opens stays missing until another one opens.
 */
export type CallbackDefaults<O> = { readonly [Name in keyof O]?: ((...args: never[]) => unknown) | undefined }

/**
 * The callbacks among some options, each of which runs what the last committed render was given: they may be
 * written inline, come later and go again. A schema is no callback, even where it can be called.
 *
 * @param defaults Which options are callbacks, and what runs in the place of each.
 */
export function liveCallbacks<O extends object>(latest: Latest<O>, defaults: CallbackDefaults<O>): Partial<O> {
  const live: Partial<O> = {}
  for (const name of Object.keys(defaults) as (keyof O)[]) {
    const runnable = () => callback(latest.current[name] ?? defaults[name])
    const first = runnable()
    if (first === undefined) continue
    const call = (...args: unknown[]) => (runnable() ?? first)(...args)
    live[name] = call as O[keyof O]
  }
  return live
}

function callback(value: unknown): ((...args: unknown[]) => unknown) | undefined {
  return typeof value === 'function' && !('~standard' in value) ? (value as () => unknown) : undefined
}

/** What a request is sent with, as it is when it is asked: an attempt hours from now uses the headers of that render. */
export function liveRequest(latest: Latest<RequestOptions>): Pick<RequestOptions, 'headers' | 'body'> {
  return {
    // Also where there are none yet: a token often comes a render later.
    headers: (context) => ask(latest.current.headers ?? {}, context),
    ...(latest.current.body !== undefined && { body: (context) => ask(latest.current.body ?? null, context) }),
  }
}

function ask<V, C>(provider: V | ((context: C) => V | Promise<V>), context: C): V | Promise<V> {
  return typeof provider === 'function' ? (provider as (context: C) => V | Promise<V>)(context) : provider
}
