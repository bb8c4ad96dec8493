import { Doorbell } from './doorbell.ts'
import { type Logs, logsOf } from './logs.ts'
import { formatOffset, newEpoch, parseOffset } from './offset.ts'
import { type IoRedisClient, type NodeRedisClient, type RedisLink, redisLink } from './redis-client.ts'
import { RedisDoorbell } from './redis-doorbell.ts'
import { APPEND, CREATE, DELETE, HEAD, READ } from './redis-scripts.ts'
import {
  type AppendOptions,
  type AppendResult,
  isSameConfig,
  type LogConfig,
  type LogHead,
  type LogStore,
  type PageLimit,
  PRODUCER_TTL_MS,
  type ReadResult,
} from './store.ts'
import { requirePositive } from './validate.ts'

/** Options of `redisLogs`. */
export interface RedisLogsOptions {
  /** The most items of a log. Default: no limit. */
  readonly maxLength?: number | undefined
  /** Put before the keys and channels. Default: nothing. */
  readonly prefix?: string | undefined
  /** How long Redis may take for an answer, in milliseconds. Default 2,000. */
  readonly timeoutMs?: number | undefined
  /** How often logs with readers are checked, in case a message was lost, in milliseconds. Default 2,000. */
  readonly pollMs?: number | undefined
}

/**
 * Keeps logs in Redis Streams, for any number of processes. It uses the client of the caller for commands, and one more
 * connection for messages, whatever the number of clients. The client must be connected, or connecting.
 *
 * An append is as durable as Redis is configured: with `appendfsync always`, what was acknowledged survives a crash. After
 * a fail-over to a replica that lacks the newest items, clients that have read them get 410 or a gap, until as many items
 * have been appended again.
 *
 * @param client A client of `redis` (node-redis 5 or 6) or `ioredis`.
 * @throws TypeError if the client is of another package.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createClient } from 'redis'
 * import { redisLogs, serveLogs, toNode } from 'rxwire/server'
 *
 * const client = createClient()
 * client.on('error', console.error)
 * await client.connect()
 * const logs = redisLogs(client, { maxLength: 100_000 })
 * createServer(toNode(serveLogs(logs))).listen(3000)
 * ```
 */
export function redisLogs(client: NodeRedisClient | IoRedisClient, options: RedisLogsOptions = {}): Logs {
  const { timeoutMs = 2_000, pollMs = 2_000, prefix = '', maxLength } = options
  requirePositive('timeoutMs', timeoutMs)
  requirePositive('pollMs', pollMs)
  if (maxLength !== undefined) requirePositive('maxLength', maxLength)
  return logsOf(new RedisStore(redisLink(client, timeoutMs), { prefix, maxLength, pollMs }))
}

/** The state of a log: epoch, type, ttl, expiry, tail, length, closed. */
type State = readonly [Text, Text, Text, Text, Text, Text, Text]
type Text = Uint8Array

export class RedisStore implements LogStore {
  readonly bell: Doorbell = new Doorbell()
  readonly doorbell: RedisDoorbell
  readonly #link: RedisLink
  readonly #prefix: string
  readonly #maxLength: string
  /** Readers at the same position share a reply. */
  readonly #reads = new Map<string, Promise<ReadResult>>()

  constructor(
    link: RedisLink,
    {
      prefix,
      maxLength,
      pollMs,
    }: { readonly prefix: string; readonly maxLength: number | undefined; readonly pollMs: number },
  ) {
    this.#link = link
    this.#prefix = prefix
    this.#maxLength = maxLength === undefined ? '' : String(maxLength)
    this.doorbell = new RedisDoorbell(link, this.bell, {
      pollMs,
      channelOf: (name) => this.#channel(name),
      offsetOf: async (name) => (await this.head(name))?.offset,
    })
  }

  async create(
    name: string,
    config: LogConfig,
    items: readonly Uint8Array[] = [],
    closed = false,
  ): ReturnType<LogStore['create']> {
    const { contentType, ttlSeconds, expiresAtMs } = config
    const isPast = expiresAtMs !== undefined && expiresAtMs <= Date.now()
    const fields = [newEpoch(), contentType, String(ttlSeconds ?? ''), String(expiresAtMs ?? ''), closed ? '1' : '']
    const reply = await this.#run(CREATE, name, [...fields, this.#maxLength, ...items])
    const [isNew, state] = reply as readonly [Text, State]
    const head = headOf(state)
    if (text(isNew) !== '' || isPast) return { type: 'created', head }
    return { type: isSameConfig(head, config, closed) ? 'exists' : 'conflict', head }
  }

  async head(name: string): Promise<LogHead | undefined> {
    const state = (await this.#run(HEAD, name, [])) as State | null
    return state === null ? undefined : headOf(state)
  }

  async append(name: string, items: readonly Uint8Array[], options: AppendOptions = {}): Promise<AppendResult> {
    const { contentType = '', producer, streamSeq = '', close = false } = options
    const id = producer === undefined ? ['', '', ''] : [producer.id, String(producer.epoch), String(producer.seq)]
    const fields = [contentType, close ? '1' : '', streamSeq, ...id, this.#maxLength, this.#channel(name)]
    const reply = await this.#run(APPEND, name, [...fields, String(PRODUCER_TTL_MS), ...items])
    if (reply === null) return { type: 'missing' }
    const [type, state, epoch, seq] = reply as readonly [Text, State, Text, Text]
    const last = { epoch: Number(text(epoch)), seq: Number(text(seq)) }
    return {
      type: text(type) as Exclude<AppendResult['type'], 'missing'>,
      head: headOf(state),
      producer: producer && last,
    }
  }

  async read(name: string, after: string, limit: PageLimit): Promise<ReadResult> {
    const key = JSON.stringify([name, after, limit.items, limit.bytes])
    const pending = this.#reads.get(key)
    if (pending !== undefined) return pending
    const reading = this.#read(name, after, limit).finally(() => this.#reads.delete(key))
    this.#reads.set(key, reading)
    return reading
  }

  async changed(name: string, after: string, signal: AbortSignal): Promise<void> {
    const ring = await this.doorbell.wait(name, signal)
    try {
      // The message of an append that came before the subscription was missed.
      const head = await this.head(name)
      if (head === undefined || head.closed || head.offset !== after) return
      await ring.rung
    } finally {
      ring.stop()
    }
  }

  async delete(name: string): Promise<boolean> {
    return (await this.#run(DELETE, name, [this.#channel(name)])) === 1
  }

  async close(): Promise<void> {
    this.doorbell.close()
    this.bell.ringAll()
  }

  async #read(name: string, after: string, { items, bytes }: PageLimit): Promise<ReadResult> {
    const position = parseOffset(after)
    const from = position === undefined ? ['', after] : [position.epoch, String(position.seq)]
    const limit = [items, bytes].map((size) => String(Math.min(size, Number.MAX_SAFE_INTEGER)))
    const reply = await this.#run(READ, name, [...from, ...limit])
    if (reply === null) return { type: 'missing' }
    const [state, start, page] = reply as readonly [State, Text?, (readonly Uint8Array[])?]
    const head = headOf(state)
    if (start === undefined || page === undefined) return { type: 'gone', head }
    return { type: 'page', after: formatOffset(text(state[0]), Number(text(start))), items: page, head }
  }

  #run(script: string, name: string, args: readonly (string | Uint8Array)[]): Promise<unknown> {
    const key = this.#key(name)
    return this.#link.script(script, [`${key}:log`, `${key}:meta`, `${key}:producers`], args)
  }

  /** [spec] Redis Cluster: the text between the first braces decides about the slot. */
  #key(name: string): string {
    return `${this.#prefix}{${name.replaceAll(/[%{}]/g, encodeURIComponent)}}`
  }

  #channel(name: string): string {
    return `${this.#key(name)}:changed`
  }
}

const utf8 = new TextDecoder()

function text(bytes: Text): string {
  return utf8.decode(bytes)
}

function headOf(state: State): LogHead {
  const [epoch, contentType, ttl, expires, tail, length, closed] = state.map(text) as [string, ...string[]]
  return {
    contentType: contentType ?? '',
    ttlSeconds: ttl ? Number(ttl) : undefined,
    expiresAtMs: expires ? Number(expires) : undefined,
    offset: formatOffset(epoch, Number(tail)),
    earliest: formatOffset(epoch, Number(tail) - Number(length)),
    closed: closed !== '',
  }
}
