/**
 * TanStack Query integration: wires as queries, queries as Observables, and messages folded into cached data.
 *
 * @module rxwire/query
 */

export type { CacheClient, CachedQuery, CacheEvent, FetchContext } from './cache-client.ts'
export { fromQuery } from './from-query.ts'
export type { LiveData } from './live-data.ts'
export {
  type LiveQueryDefinition,
  type LiveQueryOptions,
  liveQueryOptions,
  type SelectOptions,
} from './live-query-options.ts'
export { patchQuery } from './patch-query.ts'
export { queryConnection } from './query-connection.ts'
export { type WireQueryDefinition, type WireQueryOptions, wireQueryOptions } from './wire-query-options.ts'
