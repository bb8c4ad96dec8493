/**
 * Requests in React, cached in TanStack's query-core.
 *
 * @module rxwire/query/react
 */

export type { FetchCacheOptions } from './fetch-cache.ts'
export { type FetchResult, type UseFetchOptions, useFetch } from './use-fetch.ts'
export { useQueryConnection } from './use-query-connection.ts'
export { WireProvider, type WireProviderProps } from './wire-provider.ts'
