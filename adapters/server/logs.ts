import type { AppendResult, LogConfig, LogHead, LogStore, Producer } from './store.ts'
import { mediaType } from './store.ts'

/** A log: messages in order, each with an offset, for any number of readers. */
export interface Log<T> {
  readonly name: string
  readonly config: LogConfig
  readonly store: LogStore
  /**
   * Appends messages, and creates the log with the first ones. Resolves with the offset after them when they are stored.
   *
   * @throws LogError if the log is closed, or if the producer is fenced or has skipped an append; StoreError if the
   *   store cannot be reached; TypeError if a message cannot be encoded.
   */
  append(items: readonly T[], options?: { readonly producer?: Producer | undefined }): Promise<string>
  /** Closes the log: readers are told that it is complete, and nothing can be appended. */
  close(): Promise<void>
  /** Deletes the log. Resolves with whether there was one. */
  delete(): Promise<boolean>
}

/** All logs of a store. */
export interface Logs {
  readonly store: LogStore
  /**
   * Returns a log, without a request to the store.
   *
   * @param config What the log is created with. Default: `application/json` without an end. For another content type,
   *   `T` is `string` or `Uint8Array`.
   */
  open<T>(name: string, config?: Partial<LogConfig>): Log<T>
  /** Releases files and connections. A Redis client that was passed in stays open. */
  close(): Promise<void>
}

/** Why an append was refused. */
export class LogError extends Error {
  override readonly name = 'LogError'
  readonly reason: Exclude<AppendResult['type'], 'appended' | 'duplicate'>

  constructor(log: string, reason: LogError['reason']) {
    super(`The append to the log '${log}' was refused: ${REASONS[reason]}.`)
    this.reason = reason
  }
}

const REASONS = {
  missing: 'the log was deleted while it was appended to',
  fenced: 'the producer has restarted with a greater epoch',
  gap: 'an earlier append of the producer is missing, or a new epoch does not start at 0',
  closed: 'the log is closed',
  stale: 'the sequence is not greater than the previous one',
  mismatch: 'the content type is not that of the log',
} as const satisfies Record<LogError['reason'], string>

/**
 * Returns the logs of a store. `memoryLogs`, `sqliteLogs` and `redisLogs` do this for theirs.
 *
 * @param store Where the logs are kept, for example in another database.
 *
 * @example
 * ```ts
 * import { type LogStore, logsOf, serveLogs } from 'rxwire/server'
 *
 * declare const store: LogStore
 * export const handler = serveLogs(logsOf(store))
 * ```
 */
export function logsOf(store: LogStore): Logs {
  return {
    store,
    open: (name, config) => openLog(store, name, { contentType: 'application/json', ...config }),
    close: () => store.close(),
  }
}

function openLog<T>(store: LogStore, name: string, config: LogConfig): Log<T> {
  if (typeof name !== 'string' || name === '') throw new TypeError('open: the name must be a non-empty string')
  const encode = encoderOf(config.contentType)
  return {
    name,
    config,
    store,
    append: async (items, { producer } = {}) => {
      const { offset } = await appendOrCreate(store, name, config, items.map(encode), { producer })
      return offset
    },
    close: async () => {
      await appendOrCreate(store, name, config, [], { close: true })
    },
    delete: () => store.delete(name),
  }
}

async function appendOrCreate(
  store: LogStore,
  name: string,
  config: LogConfig,
  items: readonly Uint8Array[],
  options: { readonly producer?: Producer | undefined; readonly close?: boolean },
): Promise<LogHead> {
  let result = await store.append(name, items, options)
  if (result.type === 'missing') {
    await store.create(name, config)
    result = await store.append(name, items, options)
  }
  if (result.type === 'appended' || result.type === 'duplicate') return result.head
  throw new LogError(name, result.type)
}

/** Returns the state of a log, which is created if there is none. */
export async function headOrCreate<T>({ store, name, config }: Log<T>): Promise<LogHead> {
  return (await store.head(name)) ?? (await store.create(name, config)).head
}

const utf8 = new TextEncoder()

function encoderOf(contentType: string): (item: unknown) => Uint8Array {
  if (mediaType(contentType) === 'application/json') {
    return (item) => {
      const text: unknown = JSON.stringify(item)
      if (typeof text !== 'string') throw new TypeError(`append: ${typeof item} is not JSON`)
      return utf8.encode(text)
    }
  }
  return (item) => {
    if (typeof item === 'string') return utf8.encode(item)
    if (item instanceof Uint8Array) return item
    throw new TypeError(`append: an item of a log of ${contentType} must be a string or a Uint8Array`)
  }
}
