import { requireNonNegative, requirePositive } from './validate.ts'

/** What a request wants to do with a log. */
export interface Access {
  /** The name of the log. */
  readonly stream: string
  /** `append` includes closing. */
  readonly action: 'read' | 'append' | 'create' | 'delete'
}

/**
 * Decides about a request: `false` refuses it with 403, a `Response` is sent as it is. It is called before anything is
 * read, and again every `rotateMs` on connections that stay open.
 */
export type Authorize = (request: Request, access: Access) => boolean | Response | Promise<boolean | Response>

/** Which pages of other origins may read the log. */
export interface CorsOptions {
  /** Origins such as `https://app.example`; `'*'` for all. */
  readonly origins: '*' | readonly string[]
  /** Whether cookies are accepted. Not with `'*'`. Default `false`. */
  readonly credentials?: boolean | undefined
}

/** How a log is read, in all transports. */
export interface ReadOptions {
  /** Default: all requests may read, none may write. */
  readonly authorize?: Authorize | undefined
  /** Where a client without a cursor starts: `'now'` (the default) or `'earliest'`. Durable Streams name their offset. */
  readonly start?: 'now' | 'earliest' | undefined
  /** How often an idle connection gets a sign of life, in milliseconds. Default 15,000. */
  readonly heartbeatMs?: number | undefined
  /**
   * How often a connection is authorized again, in milliseconds. Default 60,000. `live=sse` then ends and is opened
   * again by the client, as Durable Streams §5.8 asks. Other connections stay open.
   */
  readonly rotateMs?: number | undefined
  /** The most items of a page. Default 1,000. */
  readonly pageItems?: number | undefined
  /** The most bytes of a page, but at least one item. Default 65,536. It is what a slow client costs. */
  readonly pageBytes?: number | undefined
  /** How many items a client may be behind before it gets a gap, or 410. Default: as many as the log keeps. */
  readonly maxBehind?: number | undefined
}

/** Options of `serveLog` and `serveLogs`. */
export interface ServeOptions extends ReadOptions {
  /** How long a long poll is held, in milliseconds. Default 25,000. */
  readonly holdMs?: number | undefined
  /** How soon a native EventSource reconnects, in milliseconds. Default 1,000. */
  readonly retryMs?: number | undefined
  /**
   * Whether PUT, POST and DELETE are served. Default: only by `serveLogs` with `authorize`. Without `authorize` any
   * client may write.
   */
  readonly writable?: boolean | undefined
  /** The most bytes of an append. Default 1 MiB. More is refused with 413. */
  readonly maxBodyBytes?: number | undefined
  /** Which pages of other origins may use the log. Default: none. */
  readonly cors?: CorsOptions | undefined
  /** The `Cache-Control` of past items, for public logs behind a CDN. Default `no-store`. */
  readonly cacheControl?: string | undefined
}

/** Options with their defaults. */
export interface ResolvedOptions extends Omit<ServeOptions, 'authorize' | 'cors'> {
  readonly authorize: Authorize | undefined
  readonly cors: CorsOptions | undefined
  readonly start: 'now' | 'earliest'
  readonly heartbeatMs: number
  readonly rotateMs: number
  readonly pageItems: number
  readonly pageBytes: number
  readonly maxBehind: number
  readonly holdMs: number
  readonly retryMs: number
  readonly writable: boolean
  readonly maxBodyBytes: number
  readonly cacheControl: string
}

/** @throws TypeError if an option is invalid. */
export function resolveOptions(options: ServeOptions, writable: boolean): ResolvedOptions {
  const resolved = {
    authorize: options.authorize,
    cors: options.cors,
    start: options.start ?? 'now',
    heartbeatMs: options.heartbeatMs ?? 15_000,
    rotateMs: options.rotateMs ?? 60_000,
    pageItems: options.pageItems ?? 1_000,
    pageBytes: options.pageBytes ?? 65_536,
    maxBehind: options.maxBehind ?? Number.POSITIVE_INFINITY,
    holdMs: options.holdMs ?? 25_000,
    retryMs: options.retryMs ?? 1_000,
    writable: options.writable ?? writable,
    maxBodyBytes: options.maxBodyBytes ?? 1_048_576,
    cacheControl: options.cacheControl ?? 'no-store',
  } as const
  for (const name of ['heartbeatMs', 'rotateMs', 'pageItems', 'pageBytes', 'holdMs', 'maxBodyBytes'] as const) {
    requirePositive(name, resolved[name])
  }
  requireNonNegative('maxBehind', resolved.maxBehind)
  requireNonNegative('retryMs', resolved.retryMs)
  if (resolved.start !== 'now' && resolved.start !== 'earliest') {
    throw new TypeError("start must be 'now' or 'earliest'")
  }
  if (resolved.cors?.origins === '*' && resolved.cors.credentials === true) {
    throw new TypeError("cors: credentials cannot be accepted from all origins ('*')")
  }
  return resolved
}
