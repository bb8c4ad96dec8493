import type { RequestOptions } from 'rxwire'
import type { Latest } from './use-latest.ts'

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
