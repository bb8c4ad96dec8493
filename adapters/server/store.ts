/** What a log keeps. Older items are dropped first. */
export interface Retention {
  /** The most items of a log. Default: no limit. */
  readonly maxItems?: number | undefined
  /** The most bytes of a log, counted without overhead. The newest item always stays. Default: no limit. */
  readonly maxBytes?: number | undefined
  /** How long an item is kept, in milliseconds. Default: no limit. */
  readonly maxAgeMs?: number | undefined
}

/** What a log is created with. */
export interface LogConfig {
  /** The type of the items. `application/json` keeps message boundaries in every response. */
  readonly contentType: string
  /** How long the log may be idle, without reads and appends, before it is deleted. In seconds. Default: no limit. */
  readonly ttlSeconds?: number | undefined
  /** When the log is deleted, in milliseconds since the epoch. Default: never. */
  readonly expiresAtMs?: number | undefined
}

/** The state of a log. */
export interface LogHead extends LogConfig {
  /** The offset of the tail: after the newest item. */
  readonly offset: string
  /** The offset before the oldest item that is still there. */
  readonly earliest: string
  /** Whether the log is complete: nothing can be appended. */
  readonly closed: boolean
}

/** Identifies an append, so that its repetition is recognized. */
export interface Producer {
  readonly id: string
  /** Increased by 1 when the producer restarts. An older epoch is refused. */
  readonly epoch: number
  /** Starts at 0 in each epoch and increases by 1 with each append. */
  readonly seq: number
}

/** What comes with the items of an append. */
export interface AppendOptions {
  /** The declared type of the items. Another type than that of the log is refused. Default: not checked. */
  readonly contentType?: string | undefined
  /** Identifies the append, so that its repetition changes nothing. Default: none, each append is another one. */
  readonly producer?: Producer | undefined
  /** Must be greater than that of the previous append, by byte order. One sequence per log. Default: not checked. */
  readonly streamSeq?: string | undefined
  /** Whether the log is closed in the same step. Default `false`. */
  readonly close?: boolean | undefined
}

/**
 * What became of an append.
 * - `appended`: the items are stored, and the log is closed if that was asked.
 * - `duplicate`: the producer had appended them before; nothing has changed.
 * - `fenced`: the producer has restarted with a greater epoch elsewhere.
 * - `gap`: an earlier append of the producer is missing, or a new epoch does not start at 0.
 * - `closed`: the log is complete.
 * - `stale`: `streamSeq` is not greater than the previous one.
 * - `mismatch`: the items have another content type than the log.
 */
export type AppendResult =
  | { readonly type: 'missing' }
  | {
      readonly type: 'appended' | 'duplicate' | 'fenced' | 'gap' | 'closed' | 'stale' | 'mismatch'
      readonly head: LogHead
      /** The last accepted epoch and sequence number of the producer. A producer that is not known has `seq` -1. */
      readonly producer?: Omit<Producer, 'id'> | undefined
    }

/** A part of a log. */
export interface LogPage {
  readonly type: 'page'
  /** The offset before the first item. The offset of item `i` is `advance(after, i + 1)`. */
  readonly after: string
  /** Empty at the tail. */
  readonly items: readonly Uint8Array[]
  /** The state of the log when the page was read. */
  readonly head: LogHead
}

/** What was read: a page; `gone` if items after the offset are lost, or if the offset is of another log. */
export type ReadResult = LogPage | { readonly type: 'gone'; readonly head: LogHead } | { readonly type: 'missing' }

/** The limits of a page. A page has at least one item, if there is one. */
export interface PageLimit {
  readonly items: number
  readonly bytes: number
}

/**
 * Where logs are kept. Implement it to use another database. All methods reject with a {@link StoreError} while the
 * store cannot be reached.
 */
export interface LogStore {
  /** Creates a log with its first items. An existing log is left unchanged: `exists` if its configuration is the same. */
  create(
    name: string,
    config: LogConfig,
    items?: readonly Uint8Array[],
    closed?: boolean,
  ): Promise<{ readonly type: 'created' | 'exists' | 'conflict'; readonly head: LogHead }>
  /** Does not count as a use of the log, for its time to live. */
  head(name: string): Promise<LogHead | undefined>
  /** Checks and appends in one atomic step. When it resolves, the items are as durable as the store can make them. */
  append(name: string, items: readonly Uint8Array[], options?: AppendOptions): Promise<AppendResult>
  /** @param after An offset, `-1` for the oldest item, or `now` for the tail. */
  read(name: string, after: string, limit: PageLimit): Promise<ReadResult>
  /** Resolves when there may be news after an offset: items, the end of the log; or when the signal is aborted. */
  changed(name: string, after: string, signal: AbortSignal): Promise<void>
  /** Resolves with whether there was one. */
  delete(name: string): Promise<boolean>
  /** Releases files and connections. */
  close(): Promise<void>
}

/** The store cannot be reached at the moment, or it is damaged. The server answers 503. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}

/** The time to live of a producer that no longer appends. Then its id can be used like a new one. */
export const PRODUCER_TTL_MS: number = 7 * 24 * 3_600_000

/** Whether the configuration of an existing log is what a request to create it asks for. */
export function isSameConfig(existing: LogHead, config: LogConfig, closed: boolean): boolean {
  return (
    mediaType(existing.contentType) === mediaType(config.contentType) &&
    existing.ttlSeconds === config.ttlSeconds &&
    existing.expiresAtMs === config.expiresAtMs &&
    existing.closed === closed
  )
}

/** Returns a content type without its parameters, in lower case. */
export function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] ?? '').trim().toLowerCase()
}
