import { judgeAppend } from './append-rules.ts'
import { Doorbell } from './doorbell.ts'
import { type Logs, logsOf } from './logs.ts'
import { formatOffset, newEpoch, resolveOffset } from './offset.ts'
import {
  type AppendOptions,
  type AppendResult,
  isSameConfig,
  type LogConfig,
  type LogHead,
  type LogPage,
  type LogStore,
  type PageLimit,
  PRODUCER_TTL_MS,
  type Producer,
  type ReadResult,
  type Retention,
} from './store.ts'

/**
 * Keeps logs in the memory of this process, for one process. They are lost when it exits, and clients then get 410 or a
 * gap, because a new process makes new offsets.
 *
 * @param retention What is kept of each log. Default: 10,000 items.
 *
 * @example
 * ```ts
 * import { memoryLogs, serveLog } from 'rxwire/server'
 *
 * const ticks = memoryLogs({ maxItems: 10_000 }).open<{ price: number }>('ticks')
 * await ticks.append([{ price: 3 }])
 * export const GET = serveLog(ticks)
 * ```
 */
export function memoryLogs(retention: Retention = {}): Logs {
  return logsOf(new MemoryStore({ maxItems: 10_000, ...retention }))
}

interface Item {
  readonly bytes: Uint8Array
  readonly atMs: number
}

interface MemoryLog {
  readonly config: LogConfig
  readonly epoch: string
  readonly producers: Map<string, Omit<Producer, 'id'> & { readonly atMs: number }>
  items: Item[]
  /** How many items at the start of `items` were dropped. They are removed together, which is cheaper. */
  dropped: number
  /** The number of the last item. */
  tail: number
  bytes: number
  usedAtMs: number
  streamSeq: string | undefined
  closed: boolean
  closedBy: Producer | undefined
  /** The page that was read last, for the next reader at the same position. */
  lastPage: { readonly after: string; readonly limit: PageLimit; readonly page: LogPage } | undefined
}

export class MemoryStore implements LogStore {
  readonly bell: Doorbell = new Doorbell()
  readonly #logs = new Map<string, MemoryLog>()
  readonly #retention: Retention

  constructor(retention: Retention) {
    this.#retention = retention
  }

  async create(
    name: string,
    config: LogConfig,
    items: readonly Uint8Array[] = [],
    closed = false,
  ): ReturnType<LogStore['create']> {
    // Expired logs whose name is not used again are found here.
    for (const other of this.#logs.keys()) this.#find(other)
    const existing = this.#find(name)
    if (existing !== undefined) {
      const head = headOf(existing)
      return { type: isSameConfig(head, config, closed) ? 'exists' : 'conflict', head }
    }
    const log: MemoryLog = {
      config,
      epoch: newEpoch(),
      producers: new Map(),
      items: [],
      dropped: 0,
      tail: 0,
      bytes: 0,
      usedAtMs: Date.now(),
      streamSeq: undefined,
      closed,
      closedBy: undefined,
      lastPage: undefined,
    }
    this.#logs.set(name, log)
    this.#push(log, items)
    return { type: 'created', head: headOf(log) }
  }

  async head(name: string): Promise<LogHead | undefined> {
    const log = this.#find(name)
    return log && headOf(log)
  }

  async append(name: string, items: readonly Uint8Array[], options: AppendOptions = {}): Promise<AppendResult> {
    const log = this.#find(name)
    if (log === undefined) return { type: 'missing' }
    const nowMs = Date.now()
    const { producer } = options
    const known = producer && log.producers.get(producer.id)
    const last = known !== undefined && nowMs - known.atMs > PRODUCER_TTL_MS ? undefined : known
    const type = judgeAppend({ ...log, contentType: log.config.contentType, producer: last }, options, items.length)
    if (type !== 'appended') return { type, head: headOf(log), producer: last ?? { epoch: 0, seq: -1 } }
    log.usedAtMs = nowMs
    log.streamSeq = options.streamSeq ?? log.streamSeq
    if (producer !== undefined) {
      if (known === undefined) forgetOldProducers(log, nowMs)
      log.producers.set(producer.id, { epoch: producer.epoch, seq: producer.seq, atMs: nowMs })
    }
    log.lastPage = undefined
    if (options.close === true) {
      log.closed = true
      log.closedBy = producer
    }
    this.#push(log, items)
    this.bell.ring(name)
    return { type, head: headOf(log), producer }
  }

  async read(name: string, after: string, limit: PageLimit): Promise<ReadResult> {
    const log = this.#find(name)
    if (log === undefined) return { type: 'missing' }
    log.usedAtMs = Date.now()
    this.#trim(log)
    const { lastPage } = log
    if (lastPage?.after === after && isSameLimit(lastPage.limit, limit)) return lastPage.page
    const first = firstOf(log)
    const from = resolveOffset(after, log.epoch, first, log.tail)
    if (from === undefined) return { type: 'gone', head: headOf(log) }
    const items: Uint8Array[] = []
    let bytes = 0
    for (let seq = from + 1; seq <= log.tail && items.length < limit.items; seq += 1) {
      const item = log.items[log.dropped + seq - first]?.bytes ?? new Uint8Array()
      bytes += item.byteLength
      if (items.length > 0 && bytes > limit.bytes) break
      items.push(item)
    }
    const page: LogPage = { type: 'page', after: formatOffset(log.epoch, from), items, head: headOf(log) }
    log.lastPage = { after, limit, page }
    return page
  }

  async changed(name: string, after: string, signal: AbortSignal): Promise<void> {
    const log = this.#find(name)
    if (log === undefined || log.closed || headOf(log).offset !== after) return
    await this.bell.wait(name, signal).rung
  }

  async delete(name: string): Promise<boolean> {
    const existed = this.#find(name) !== undefined
    this.#logs.delete(name)
    this.bell.ring(name)
    return existed
  }

  async close(): Promise<void> {
    this.bell.ringAll()
  }

  /** Returns a log that has not expired. */
  #find(name: string): MemoryLog | undefined {
    const log = this.#logs.get(name)
    if (log === undefined) return undefined
    const { ttlSeconds, expiresAtMs } = log.config
    const nowMs = Date.now()
    const isIdle = ttlSeconds !== undefined && nowMs - log.usedAtMs > ttlSeconds * 1_000
    if (!isIdle && !(expiresAtMs !== undefined && nowMs > expiresAtMs)) return log
    this.#logs.delete(name)
    this.bell.ring(name)
    return undefined
  }

  #push(log: MemoryLog, items: readonly Uint8Array[]): void {
    const atMs = Date.now()
    for (const bytes of items) {
      log.items.push({ bytes, atMs })
      log.bytes += bytes.byteLength
    }
    log.tail += items.length
    this.#trim(log)
  }

  #trim(log: MemoryLog): void {
    const { maxItems = Infinity, maxBytes = Infinity, maxAgeMs = Infinity } = this.#retention
    const oldestMs = Date.now() - maxAgeMs
    for (;;) {
      const oldest = log.items[log.dropped]
      const count = log.items.length - log.dropped
      if (oldest === undefined) break
      const isTooMuch = count > maxItems || (count > 1 && log.bytes > maxBytes) || oldest.atMs < oldestMs
      if (!isTooMuch) break
      log.items[log.dropped] = { bytes: new Uint8Array(), atMs: 0 }
      log.bytes -= oldest.bytes.byteLength
      log.dropped += 1
      log.lastPage = undefined
    }
    if (log.dropped > 1_024 && log.dropped > log.items.length / 2) {
      log.items = log.items.slice(log.dropped)
      log.dropped = 0
    }
  }
}

function isSameLimit(left: PageLimit, right: PageLimit): boolean {
  return left.items === right.items && left.bytes === right.bytes
}

/** The number of the oldest item; of the next one if there is none. */
function firstOf({ tail, items, dropped }: MemoryLog): number {
  return tail - (items.length - dropped) + 1
}

function headOf(log: MemoryLog): LogHead {
  return {
    ...log.config,
    offset: formatOffset(log.epoch, log.tail),
    earliest: formatOffset(log.epoch, firstOf(log) - 1),
    closed: log.closed,
  }
}

function forgetOldProducers({ producers }: MemoryLog, nowMs: number): void {
  for (const [id, { atMs }] of producers) if (nowMs - atMs > PRODUCER_TTL_MS) producers.delete(id)
}
