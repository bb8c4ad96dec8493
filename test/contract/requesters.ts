import { type Decode, fromFetch, fromXhr, type Provider, type RequestWireOptions, type Wire } from 'rxwire'

/** The options that all transports of a single response share. */
export interface RequesterOptions<T> extends RequestWireOptions {
  readonly responseType?: 'json' | 'text' | 'blob'
  readonly decode?: Decode<never, T>
}

/** A transport of a single response that this host supports. */
export interface Requester {
  readonly name: 'fromFetch' | 'fromXhr'
  readonly request: <T = unknown>(url: Provider<string | URL>, options?: RequesterOptions<T>) => Wire<T>
  /** All values of `responseType`. */
  readonly responseTypes: readonly NonNullable<RequesterOptions<unknown>['responseType']>[]
}

/** Node has only `fetch`. The browser projects also test XHR. */
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

/** The response of `/http/echo`. */
export interface Echo {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bodyLength: number
  readonly bodySha256: string
  readonly bodyText: string
}

/** The received query, without the key of the test. */
export function queryOf({ url }: Pick<Echo, 'url'>): string[][] {
  return [...new URL(url, 'http://localhost').searchParams].filter(([name]) => name !== 'key')
}

export async function sha256(bytes: BufferSource): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
