import { judgeAppend } from './append-rules.ts'
import { Doorbell } from './doorbell.ts'
import { type Logs, logsOf } from './logs.ts'
import { formatOffset, newEpoch, resolveOffset } from './offset.ts'
import { openDatabase, type SqliteDatabase } from './sqlite-database.ts'
import {
  type AppendOptions,
  type AppendResult,
  isSameConfig,
  type LogConfig,
  type LogHead,
  type LogStore,
  type PageLimit,
  PRODUCER_TTL_MS,
  type Producer,
  type ReadResult,
  type Retention,
  StoreError,
} from './store.ts'
import { after } from './timer.ts'

/**
 * Keeps logs in a SQLite file, where the host has `node:sqlite` (Node 22.13 and later). An append is on the disk when it
 * resolves. One process should own the file; what others append is noticed within a second.
 *
 * The file is checked when it is opened, which takes longer the larger it is.
 *
 * @param retention What is kept of each log. Default: everything.
 * @throws StoreError if the file cannot be opened or is corrupt, or if the host has no `node:sqlite`.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { serveLogs, sqliteLogs, toNode } from 'rxwire/server'
 *
 * const logs = sqliteLogs('feed.db', { maxItems: 100_000 })
 * createServer(toNode(serveLogs(logs))).listen(3000)
 * ```
 */
export function sqliteLogs(file: string, retention: Retention = {}): Logs {
  return logsOf(new SqliteStore(openDatabase(file, SCHEMA), retention))
}

export const SCHEMA: string = `
  CREATE TABLE IF NOT EXISTS logs (
    id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, epoch TEXT NOT NULL, content_type TEXT NOT NULL,
    ttl_seconds INTEGER, expires_at_ms INTEGER, used_at_ms INTEGER NOT NULL, first INTEGER NOT NULL,
    tail INTEGER NOT NULL, bytes INTEGER NOT NULL, closed INTEGER NOT NULL, closed_by TEXT, stream_seq TEXT
  ) STRICT;
  CREATE TABLE IF NOT EXISTS items (
    log INTEGER NOT NULL REFERENCES logs ON DELETE CASCADE, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    bytes BLOB NOT NULL, PRIMARY KEY (log, seq)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS producers (
    log INTEGER NOT NULL REFERENCES logs ON DELETE CASCADE, id TEXT NOT NULL, epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (log, id)
  ) STRICT, WITHOUT ROWID;
`

interface LogRow {
  readonly id: number
  readonly name: string
  readonly epoch: string
  readonly content_type: string
  readonly ttl_seconds: number | null
  readonly expires_at_ms: number | null
  readonly used_at_ms: number
  readonly first: number
  readonly tail: number
  readonly bytes: number
  readonly closed: number
  readonly closed_by: string | null
  readonly stream_seq: string | null
}

/** How often the file is checked for appends of other processes, while readers wait. */
const LOOK_EVERY_MS = 1_000

export class SqliteStore implements LogStore {
  readonly bell: Doorbell = new Doorbell()
  readonly #database: SqliteDatabase
  readonly #retention: Retention
  #cancelLook: (() => void) | undefined
  #version: unknown

  constructor(database: SqliteDatabase, retention: Retention) {
    this.#database = database
    this.#retention = retention
  }

  async create(
    name: string,
    config: LogConfig,
    items: readonly Uint8Array[] = [],
    closed = false,
  ): ReturnType<LogStore['create']> {
    return this.#transaction((nowMs) => {
      const { run } = this.#database
      run('DELETE FROM logs WHERE used_at_ms + ttl_seconds * 1000 < ? OR expires_at_ms < ?', nowMs, nowMs)
      const existing = this.#find(name, nowMs)
      if (existing !== undefined) {
        const head = headOf(existing)
        return { type: isSameConfig(head, config, closed) ? 'exists' : 'conflict', head }
      }
      run(
        `INSERT INTO logs (name, epoch, content_type, ttl_seconds, expires_at_ms, used_at_ms, first, tail, bytes, closed)
         VALUES (?, ?, ?, ?, ?, ?, 1, 0, 0, ?)`,
        ...[name, newEpoch(), config.contentType, config.ttlSeconds ?? null, config.expiresAtMs ?? null, nowMs],
        Number(closed),
      )
      return { type: 'created', head: headOf(this.#push(this.#row(name), items, nowMs)) }
    })
  }

  async head(name: string): Promise<LogHead | undefined> {
    return this.#transaction((nowMs) => {
      const row = this.#find(name, nowMs)
      return row && headOf(row)
    })
  }

  async append(name: string, items: readonly Uint8Array[], options: AppendOptions = {}): Promise<AppendResult> {
    const result = this.#transaction((nowMs): AppendResult => {
      const { run } = this.#database
      const row = this.#find(name, nowMs)
      if (row === undefined) return { type: 'missing' }
      const { producer } = options
      const last = producer && this.#producer(row.id, producer.id, nowMs)
      const type = judgeAppend({ ...stateOf(row), producer: last }, options, items.length)
      if (type !== 'appended') return { type, head: headOf(row), producer: last ?? { epoch: 0, seq: -1 } }
      if (producer !== undefined) {
        const { id, epoch, seq } = producer
        if (last === undefined)
          run('DELETE FROM producers WHERE log = ? AND at_ms < ?', row.id, nowMs - PRODUCER_TTL_MS)
        run(
          'INSERT OR REPLACE INTO producers (log, id, epoch, seq, at_ms) VALUES (?, ?, ?, ?, ?)',
          row.id,
          id,
          epoch,
          seq,
          nowMs,
        )
      }
      const closedBy = options.close === true && producer !== undefined ? JSON.stringify(producer) : row.closed_by
      const streamSeq = options.streamSeq ?? row.stream_seq
      const closed = Number(options.close === true)
      run('UPDATE logs SET closed = ?, closed_by = ?, stream_seq = ? WHERE id = ?', closed, closedBy, streamSeq, row.id)
      return { type, head: headOf(this.#push({ ...row, closed }, items, nowMs)), producer }
    })
    if (result.type === 'appended') this.bell.ring(name)
    return result
  }

  async read(name: string, offset: string, limit: PageLimit): Promise<ReadResult> {
    return this.#transaction((nowMs): ReadResult => {
      const found = this.#find(name, nowMs)
      if (found === undefined) return { type: 'missing' }
      const { run, each } = this.#database
      // Written at most once a second, because every write is synced to the disk.
      if (found.ttl_seconds !== null && nowMs - found.used_at_ms > Math.min(1_000, found.ttl_seconds * 100)) {
        run('UPDATE logs SET used_at_ms = ? WHERE id = ?', nowMs, found.id)
      }
      const row = this.#retention.maxAgeMs === undefined ? found : this.#trim(found, nowMs)
      const from = resolveOffset(offset, row.epoch, row.first, row.tail)
      if (from === undefined) return { type: 'gone', head: headOf(row) }
      const items: Uint8Array[] = []
      let bytes = 0
      const rows = each(
        'SELECT bytes FROM items WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?',
        row.id,
        from,
        limit.items,
      )
      for (const item of rows as Iterable<{ readonly bytes: Uint8Array }>) {
        bytes += item.bytes.byteLength
        if (items.length > 0 && bytes > limit.bytes) break
        items.push(item.bytes)
      }
      return { type: 'page', after: formatOffset(row.epoch, from), items, head: headOf(row) }
    })
  }

  async changed(name: string, offset: string, signal: AbortSignal): Promise<void> {
    const ring = this.bell.wait(name, signal)
    // Before the check of the tail: what is written in between is noticed next time.
    this.#look()
    try {
      const head = await this.head(name)
      if (head === undefined || head.closed || head.offset !== offset) return
      await ring.rung
    } finally {
      ring.stop()
    }
  }

  async delete(name: string): Promise<boolean> {
    const existed = this.#transaction((nowMs) => {
      const row = this.#find(name, nowMs)
      if (row !== undefined) this.#database.run('DELETE FROM logs WHERE id = ?', row.id)
      return row !== undefined
    })
    this.bell.ring(name)
    return existed
  }

  async close(): Promise<void> {
    this.#cancelLook?.()
    this.bell.ringAll()
    this.#database.close()
  }

  /** Wakes the readers when another process has written, as long as there are any. */
  #look(): void {
    if (this.#cancelLook !== undefined) return
    const version = this.#database.get('PRAGMA data_version')?.['data_version']
    if (this.#version !== undefined && this.#version !== version) this.bell.ringAll()
    this.#version = version
    this.#cancelLook = after(LOOK_EVERY_MS, () => {
      this.#cancelLook = undefined
      if (this.bell.names.length > 0) this.#look()
    })
  }

  #row(name: string): LogRow {
    return this.#database.get('SELECT * FROM logs WHERE name = ?', name) as unknown as LogRow
  }

  /** Returns a log that has not expired. */
  #find(name: string, nowMs: number): LogRow | undefined {
    const row: LogRow | undefined = this.#row(name)
    if (row === undefined) return undefined
    const isIdle = row.ttl_seconds !== null && nowMs > row.used_at_ms + row.ttl_seconds * 1_000
    if (!isIdle && !(row.expires_at_ms !== null && nowMs > row.expires_at_ms)) return row
    this.#database.run('DELETE FROM logs WHERE id = ?', row.id)
    return undefined
  }

  #producer(log: number, id: string, nowMs: number): Omit<Producer, 'id'> | undefined {
    const sql = 'SELECT epoch, seq FROM producers WHERE log = ? AND id = ? AND at_ms >= ?'
    const row = this.#database.get(sql, log, id, nowMs - PRODUCER_TTL_MS)
    return row && { epoch: Number(row['epoch']), seq: Number(row['seq']) }
  }

  #push(row: LogRow, items: readonly Uint8Array[], nowMs: number): LogRow {
    const { run } = this.#database
    let { tail, bytes } = row
    for (const item of items) {
      tail += 1
      bytes += item.byteLength
      run('INSERT INTO items (log, seq, at_ms, bytes) VALUES (?, ?, ?, ?)', row.id, tail, nowMs, item)
    }
    run('UPDATE logs SET tail = ?, bytes = ?, used_at_ms = ? WHERE id = ?', tail, bytes, nowMs, row.id)
    return this.#trim({ ...row, tail, bytes }, nowMs)
  }

  #trim(row: LogRow, nowMs: number): LogRow {
    const { maxItems = Infinity, maxBytes = Infinity, maxAgeMs = Infinity } = this.#retention
    const { each, run } = this.#database
    let { first, bytes } = row
    const oldest = each('SELECT seq, at_ms, length(bytes) AS size FROM items WHERE log = ? ORDER BY seq', row.id)
    for (const item of oldest as Iterable<{ readonly at_ms: number; readonly size: number }>) {
      const count = row.tail - first + 1
      const isTooMuch = count > maxItems || (count > 1 && bytes > maxBytes) || item.at_ms < nowMs - maxAgeMs
      if (!isTooMuch) break
      first += 1
      bytes -= item.size
    }
    if (first === row.first) return row
    run('DELETE FROM items WHERE log = ? AND seq < ?', row.id, first)
    run('UPDATE logs SET first = ?, bytes = ? WHERE id = ?', first, bytes, row.id)
    return { ...row, first, bytes }
  }

  #transaction<R>(work: (nowMs: number) => R): R {
    try {
      this.#database.run('BEGIN IMMEDIATE')
      try {
        const result = work(Date.now())
        this.#database.run('COMMIT')
        return result
      } catch (error) {
        this.#database.run('ROLLBACK')
        throw error
      }
    } catch (cause) {
      throw new StoreError('The SQLite file cannot be read or written.', { cause })
    }
  }
}

function stateOf(row: LogRow): Parameters<typeof judgeAppend>[0] {
  return {
    contentType: row.content_type,
    closed: row.closed === 1,
    closedBy: row.closed_by === null ? undefined : (JSON.parse(row.closed_by) as Producer),
    streamSeq: row.stream_seq ?? undefined,
    producer: undefined,
  }
}

function headOf(row: LogRow): LogHead {
  return {
    contentType: row.content_type,
    ttlSeconds: row.ttl_seconds ?? undefined,
    expiresAtMs: row.expires_at_ms ?? undefined,
    offset: formatOffset(row.epoch, row.tail),
    earliest: formatOffset(row.epoch, row.first - 1),
    closed: row.closed === 1,
  }
}
