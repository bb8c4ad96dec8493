import { isBlob } from '../../host-object.ts'
import { type RequestOptions, requireRequestOptions } from '../../http/request.ts'
import type { Implementations } from '../../platform/globals.ts'
import { baseUrl } from '../../platform/globals.ts'
import type { KeyValueStorage } from '../../platform/storage.ts'
import type { ReconnectPolicy } from '../../policy/retry-policy.ts'
import { requireFunction, requirePositive, requireUrl } from '../../validate.ts'
import type { UploadProtocol } from './protocol.ts'

/** Options of `fromUpload` and `cancelUpload`. */
export interface UploadOptions
  extends Pick<RequestOptions, 'query' | 'headers' | 'credentials' | 'credentialOrigins'>,
    Pick<Implementations, 'fetch' | 'XMLHttpRequest'> {
  /** How the server speaks of uploads: `tus()`, `offsetHeaders()`, or one of your own. */
  readonly protocol: UploadProtocol
  /**
   * The largest piece that is sent in one request, in bytes. Default: all that is left, as fast as it gets. Set it where
   * a proxy limits the size of a request; after a 413, smaller chunks are tried in any case.
   */
  readonly chunkBytes?: number | undefined
  /**
   * How long a request may make no progress before it counts as lost, in milliseconds. Default 30,000. Where `fetch` has
   * to send (hosts without XHR), nobody hears of the progress of a body, and it has no limit.
   */
  readonly stallTimeoutMs?: number | undefined
  /**
   * Where a begun upload is remembered, so that it goes on when the page is loaded again. Default `localStorage`;
   * `false` for nowhere.
   */
  readonly storage?: KeyValueStorage | false | undefined
  /** How long it is remembered, in milliseconds. Default 86,400,000, one day. Set it to what the server keeps. */
  readonly rememberForMs?: number | undefined
  /**
   * What an upload is recognised by; `undefined` for one that is not to be remembered. Default: the address with its
   * query, and name, type, size and date of a `File`. A `Blob` has none of these but its size, and of an address that
   * is a function nobody knows whether it will be the same: these are not remembered.
   */
  readonly fingerprint?: ((file: Blob) => string | undefined | Promise<string | undefined>) | undefined
  /** When to try again after a failure, how soon, and when to stop; `false` never tries again. */
  readonly reconnect?: ReconnectPolicy | false | undefined
}

/** Refuses at the call what makes no sense. */
export function requireUploadOptions(url: unknown, file: unknown, options: UploadOptions): void {
  requireUrl('url', url, baseUrl())
  if (!isBlob(file)) throw new TypeError('file must be a File or a Blob')
  requireProtocol(options?.protocol)
  requireRequestOptions(options)
  if (options.credentials === 'omit' && options.fetch === undefined) {
    throw new TypeError("credentials: 'omit' needs the option fetch: XHR cannot")
  }
  requirePositive('chunkBytes', options.chunkBytes)
  requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  requirePositive('rememberForMs', options.rememberForMs)
  requireFunction('fingerprint', options.fingerprint)
  requireStorage(options.storage)
}

function requireProtocol(protocol: Partial<UploadProtocol> | undefined): void {
  const does = (['begin', 'ask', 'append'] as const).every((name) => typeof protocol?.[name] === 'function')
  if (!does || !Array.isArray(protocol?.conflicts)) throw new TypeError('protocol must be one, such as tus()')
}

function requireStorage(storage: UploadOptions['storage']): void {
  if (storage === undefined || storage === false || typeof storage?.getItem === 'function') return
  throw new TypeError('storage must be one, such as sessionStorage, or false')
}
