import { StoreError } from './store.ts'
import { after } from './timer.ts'

type Argument = string | Uint8Array

/** A client of the package `redis` (node-redis 5 or 6), as far as it is used here. */
export interface NodeRedisClient {
  readonly isReady: boolean
  sendCommand(args: readonly string[], options?: object): Promise<unknown>
  duplicate(): unknown
  on(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
}

/** A client of the package `ioredis`, as far as it is used here. */
export interface IoRedisClient {
  readonly status: string
  callBuffer(command: string, ...args: readonly string[]): Promise<unknown>
  duplicate(): unknown
  on(event: string, listener: () => void): unknown
  off(event: string, listener: () => void): unknown
}

/** The client of the caller, for commands. */
interface RedisCommands {
  /**
   * Runs a script. Text replies are bytes.
   *
   * @throws StoreError if Redis cannot be reached within the limit.
   */
  script(script: string, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
}

/** A second connection, which receives messages. */
export interface RedisSubscriptions {
  /** Resolves when messages of the channel arrive. */
  subscribe(channel: string): Promise<void>
  unsubscribe(channel: string): void
  close(): void
}

/** Connects this library with the client of the caller. */
export interface RedisLink extends RedisCommands {
  /** Opens the second connection. */
  listen(onMessage: (channel: string) => void): RedisSubscriptions
}

/** @throws TypeError if the client is of another package. */
export function redisLink(client: NodeRedisClient | IoRedisClient, timeoutMs: number): RedisLink {
  if ('callBuffer' in client) return ioRedis(client, timeoutMs)
  if ('sendCommand' in client) return nodeRedis(client, timeoutMs)
  throw new TypeError('redisLogs needs a client of the package redis (5 or 6) or ioredis')
}

/** The type of text replies in RESP, in the type mapping of node-redis. */
const BLOB_STRING = 36

declare const Buffer: { from(bytes: string | Uint8Array): Uint8Array }

function nodeRedis(client: NodeRedisClient, timeoutMs: number): RedisLink {
  const call = async (args: readonly Argument[]) => {
    await untilReady(client, () => client.isReady, timeoutMs)
    const limit = new AbortController()
    const options = { typeMapping: { [BLOB_STRING]: Buffer }, abortSignal: limit.signal }
    return withinLimit(client.sendCommand(args.map(asCommand), options), timeoutMs, () => limit.abort())
  }
  return {
    script: scriptsOf(call),
    listen: (onMessage) => {
      const subscriber = client.duplicate() as NodeRedisClient & {
        connect(): Promise<unknown>
        subscribe(channel: string, listener: (message: string, channel: string) => void): Promise<unknown>
        unsubscribe(channel: string): Promise<unknown>
        destroy(): void
      }
      // Without a listener, the client would end the process when the connection is lost. It reconnects by itself.
      subscriber.on('error', ignore)
      const connected = subscriber.connect()
      connected.catch(ignore)
      return {
        subscribe: async (channel) => {
          await connected
          await subscriber.subscribe(channel, (_, from) => onMessage(from))
        },
        unsubscribe: (channel) => void subscriber.unsubscribe(channel).catch(ignore),
        close: () => subscriber.destroy(),
      }
    },
  }
}

function ioRedis(client: IoRedisClient, timeoutMs: number): RedisLink {
  const call = async ([command = '', ...args]: readonly Argument[]) => {
    await untilReady(client, () => client.status === 'ready', timeoutMs)
    return withinLimit(client.callBuffer(String(command), ...args.map(asCommand)), timeoutMs)
  }
  return {
    script: scriptsOf(call),
    listen: (onMessage) => {
      const subscriber = client.duplicate() as Omit<IoRedisClient, 'on'> & {
        on(event: string, listener: (channel: string) => void): unknown
        subscribe(channel: string): Promise<unknown>
        unsubscribe(channel: string): Promise<unknown>
        disconnect(): void
      }
      subscriber.on('error', ignore)
      subscriber.on('message', onMessage)
      return {
        subscribe: async (channel) => void (await subscriber.subscribe(channel)),
        unsubscribe: (channel) => void subscriber.unsubscribe(channel).catch(ignore),
        close: () => subscriber.disconnect(),
      }
    },
  }
}

/** Both packages accept bytes, and their types say text. */
function asCommand(argument: Argument): string {
  return (typeof argument === 'string' ? argument : Buffer.from(argument)) as string
}

/** Runs scripts by their hash, and sends their text only when Redis does not have it. */
function scriptsOf(call: (args: readonly Argument[]) => Promise<unknown>): RedisCommands['script'] {
  const hashes = new Map<string, Promise<string>>()
  return async (script, keys, args) => {
    const hash = hashes.get(script) ?? sha1(script)
    hashes.set(script, hash)
    const rest = [String(keys.length), ...keys, ...args]
    try {
      return await call(['EVALSHA', await hash, ...rest]).catch((error: unknown) => {
        if (!messageOf(error).startsWith('NOSCRIPT')) throw error
        return call(['EVAL', script, ...rest])
      })
    } catch (cause) {
      if (cause instanceof StoreError) throw cause
      throw new StoreError(`Redis failed: ${messageOf(cause)}`, { cause })
    }
  }
}

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Waits for the connection, so that no command is queued in the client and sent much later. */
async function untilReady(
  client: Pick<NodeRedisClient, 'on' | 'off'>,
  isReady: () => boolean,
  timeoutMs: number,
): Promise<void> {
  if (isReady()) return
  let ready = ignore
  const connected = new Promise<void>((resolve) => {
    ready = resolve
    client.on('ready', resolve)
  })
  await withinLimit(connected, timeoutMs).finally(() => client.off('ready', ready))
}

/** @throws StoreError when the time is over. */
function withinLimit<R>(promise: Promise<R>, timeoutMs: number, abort = ignore): Promise<R> {
  return new Promise((resolve, reject) => {
    const cancel = after(timeoutMs, () => {
      reject(new StoreError(`Redis did not answer within ${timeoutMs} ms.`))
      abort()
    })
    promise.then(resolve, reject).finally(cancel)
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function ignore(): void {}
