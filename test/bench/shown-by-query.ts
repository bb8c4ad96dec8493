import { QueryClient, type QueryKey, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'

/** Observes a query in a client of its own until it shows so many items, and promises those. */
export function shownByQuery<D, E, S extends readonly string[], K extends QueryKey>(
  options: QueryObserverOptions<D, E, S, D, K>,
  count: number,
): Promise<S> {
  const client = new QueryClient()
  const observer = new QueryObserver(client, options)
  return new Promise<S>((resolve, reject) => {
    observer.subscribe(({ data, error }) => {
      if (error !== null) reject(error)
      if (data?.length === count) resolve(data)
    })
  }).finally(() => {
    observer.destroy()
    client.clear()
  })
}
