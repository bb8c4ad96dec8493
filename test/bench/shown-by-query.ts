import { QueryClient, type QueryKey, QueryObserver, type QueryObserverOptions } from '@tanstack/query-core'

/** Observes a query in a new client until it shows `count` items, and resolves with them. */
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
