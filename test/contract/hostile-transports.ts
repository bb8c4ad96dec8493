import {
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromUpload,
  fromWebSocket,
  fromXhr,
  tus,
  type Wire,
} from 'rxwire'

/** A provider whose result has another type than its option allows. */
export type HostileProvider = () => never

/** Opens a wire whose option is provided by a function. It does not retry, so that the failure ends it. */
export type OpenWith = (url: string, provider: HostileProvider) => Wire<unknown>

const file = () => new File(['0123456789'], 'a.txt', { lastModified: 1 })

/** Options of a wire that does not retry. */
export const once = { reconnect: false, retry: false } as const

/** The transports that have an option which a function may provide. */
export function transportsWith(
  option: 'url' | 'headers' | 'body',
): readonly (readonly [name: string, open: OpenWith])[] {
  const given = (url: string, provider: HostileProvider): [string | HostileProvider, object] =>
    option === 'url'
      ? [provider, once]
      : [url, { ...once, ...(option === 'body' && { method: 'PUT' }), [option]: provider }]
  const all: readonly (readonly [name: string, open: OpenWith])[] = [
    ['fromFetch', (url, provider) => fromFetch(...given(url, provider))],
    ['fromXhr', (url, provider) => fromXhr(...given(url, provider))],
    ['fromFetchStream', (url, provider) => fromFetchStream(...given(url, provider))],
    ['fromEventSource', (url, provider) => fromEventSource(...given(url, provider))],
    ['fromPoll', (url, provider) => fromPoll(...given(url, provider))],
    ['fromLongPoll', (url, provider) => fromLongPoll(...given(url, provider))],
  ]
  if (option === 'body') return all
  const upload: OpenWith = (url, provider) => {
    const [target, options] = given(url, provider)
    return fromUpload(target, file(), { protocol: tus(), storage: false, ...options })
  }
  if (option === 'headers') return [...all, ['fromUpload', upload]]
  return [...all, ['fromUpload', upload], ['fromWebSocket', (_, provider) => fromWebSocket(provider, once)]]
}
