import { isSearchParams } from '../host-object.ts'

/** What a parameter of an address may be. Of `null` and `undefined` nothing is sent. */
export type QueryValue = string | number | boolean | null | undefined

/** What is added to the query of a url: an array repeats its name; `null` and `undefined` are left out. */
export type Query = URLSearchParams | Readonly<Record<string, QueryValue | readonly QueryValue[]>>

/** @throws TypeError for what names nothing: a string would be taken apart into its characters. */
export function requireQuery(query: unknown): void {
  if (query === undefined || (typeof query === 'object' && query !== null && !Array.isArray(query))) return
  throw new TypeError('query must be an object or URLSearchParams; what is a text already belongs into the url')
}

/** A url with more in its query than before. */
export function withQuery(url: URL, query: Query | undefined): URL {
  if (query === undefined) return url
  const result = new URL(url)
  for (const [name, value] of pairs(query)) result.searchParams.append(name, value)
  return result
}

function* pairs(query: Query): Iterable<[string, string]> {
  if (isSearchParams(query)) {
    yield* query
    return
  }
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) yield [name, String(each)]
    }
  }
}
