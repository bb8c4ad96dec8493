import { StoreError } from './store.ts'

type Value = string | number | null | Uint8Array
type Row = Readonly<Record<string, unknown>>

/** A SQLite file, with its statements prepared once. */
export interface SqliteDatabase {
  run(sql: string, ...values: readonly Value[]): void
  get(sql: string, ...values: readonly Value[]): Row | undefined
  /** The rows, read as they are asked for. */
  each(sql: string, ...values: readonly Value[]): Iterable<Row>
  close(): void
}

// The part of `node:sqlite` that is used. Its types would make users install those of Node.
interface Statement {
  run(...values: readonly Value[]): unknown
  get(...values: readonly Value[]): Row | undefined
  iterate(...values: readonly Value[]): Iterable<Row>
}
interface Connection {
  exec(sql: string): void
  prepare(sql: string): Statement
  close(): void
}
interface SqliteModule {
  readonly DatabaseSync: new (file: string) => Connection
}

declare const process: { getBuiltinModule?(name: string): unknown } | undefined

/** @throws StoreError if the file cannot be opened or is corrupt, or if the host has no SQLite. */
export function openDatabase(file: string, schema: string): SqliteDatabase {
  // Not an import: bundlers for other hosts would fail on it.
  const module =
    typeof process === 'undefined' ? undefined : (process.getBuiltinModule?.('node:sqlite') as SqliteModule | undefined)
  if (module === undefined) {
    throw new StoreError('sqliteLogs needs node:sqlite: Node 22.13 or later. Use memoryLogs or redisLogs on this host.')
  }
  const connection = open(module, file, schema)
  const statements = new Map<string, Statement>()
  const prepared = (sql: string): Statement => {
    const statement = statements.get(sql) ?? connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    run: (sql, ...values) => void prepared(sql).run(...values),
    get: (sql, ...values) => prepared(sql).get(...values),
    each: (sql, ...values) => prepared(sql).iterate(...values),
    close: () => connection.close(),
  }
}

function open({ DatabaseSync }: SqliteModule, file: string, schema: string): Connection {
  let connection: Connection | undefined
  try {
    connection = new DatabaseSync(file)
    connection.exec('PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON')
    // An append is acknowledged when it is on the disk.
    connection.exec('PRAGMA synchronous = FULL')
    const check = connection.prepare('PRAGMA quick_check(1)').get()?.['quick_check']
    if (check !== 'ok') throw new Error(String(check))
    connection.exec(schema)
    return connection
  } catch (cause) {
    connection?.close()
    const reason = cause instanceof Error ? cause.message : String(cause)
    const message = `sqliteLogs cannot open ${file}: ${reason}. Move the file away, or restore it from a backup.`
    throw new StoreError(message, { cause })
  }
}
