import { type Decode, fromFetch, fromXhr, type Provider, type RequestWireOptions, type Wire } from 'rxwire'

/** What all transports of one answer can do. */
export interface RequesterOptions<T> extends RequestWireOptions {
  readonly responseType?: 'json' | 'text' | 'blob'
  readonly decode?: Decode<never, T>
}

/** A transport of one answer that this host has. */
export interface Requester {
  readonly name: 'fromFetch' | 'fromXhr'
  readonly request: <T = unknown>(url: Provider<string | URL>, options?: RequesterOptions<T>) => Wire<T>
  /** Everything that a body may be read as. */
  readonly responseTypes: readonly NonNullable<RequesterOptions<unknown>['responseType']>[]
}

/** Node has only `fetch`; XHR is tried in the browser project. */
export function requesters(): readonly Requester[] {
  const all = [
    {
      name: 'fromFetch',
      request: fromFetch as Requester['request'],
      responseTypes: ['json', 'text', 'blob', 'arrayBuffer', 'formData', 'bytes', 'response'] as never[],
    },
    {
      name: 'fromXhr',
      request: fromXhr as Requester['request'],
      responseTypes: ['json', 'text', 'blob', 'arraybuffer', 'document'] as never[],
    },
  ] as const
  return all.filter(({ name }) => name === 'fromFetch' || typeof XMLHttpRequest === 'function')
}

/** What `/http/echo` answers. */
export interface Echo {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bodyLength: number
  readonly bodySha256: string
  readonly bodyText: string
}

/** The query as it came, without the key of the test. */
export function queryOf({ url }: Pick<Echo, 'url'>): string[][] {
  return [...new URL(url, 'http://localhost').searchParams].filter(([name]) => name !== 'key')
}

export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
