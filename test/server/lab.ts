import { type FaultProxy, startProxy } from './proxy.ts'
import { Uploads } from './uploads.ts'

/** What the server saw of one request, be it for an answer or for a socket. */
interface SeenRequest {
  readonly path: string
  readonly url: string
  readonly method: string
  readonly lastEventId: string | undefined
  readonly authorization: string | undefined
  readonly idempotencyKey: string | undefined
  /** The subprotocols that a socket was asked for with, as the header has them. */
  readonly protocols: string | undefined
  /** As text; of a large one, and of one that its scenario reads by itself, only the size. */
  readonly body: string
}

/** How a socket was closed, as the server saw it. */
interface SeenClose {
  readonly code: number
  readonly reason: string
}

/** What the server knows of one key. */
export interface KeyRecord {
  open: number
  peak: number
  readonly seen: SeenRequest[]
  /** What came over sockets, where a scenario writes it down, in order. */
  readonly received: string[]
  /** The size of all frames that came over sockets. */
  receivedBytes: number
  readonly closes: SeenClose[]
  /** How many rows were written, where a scenario counts them. */
  written: number
  /** How fast the slow reader reads, 0 for not at all; `undefined` is as fast as it can. */
  readBytesPerSecond: number | undefined
  /** Answer 503 until then, with this Retry-After. */
  unavailable: { untilMs: number; retryAfter: string } | undefined
  /** The token that is valid now; `undefined` asks for none. */
  token: string | undefined
}

/** The server's memory and its switches: one record a key, and the proxies in front of it. */
export class Lab {
  readonly uploads: Uploads = new Uploads()
  /** Where the server listens that the proxies stand in front of. */
  port = 0
  readonly #records = new Map<string, KeyRecord>()
  readonly #proxies = new Map<string, FaultProxy>()
  #proxyCount = 0

  of(key: string): KeyRecord {
    let record = this.#records.get(key)
    if (record === undefined) {
      record = {
        open: 0,
        peak: 0,
        seen: [],
        received: [],
        receivedBytes: 0,
        closes: [],
        written: 0,
        readBytesPerSecond: undefined,
        unavailable: undefined,
        token: undefined,
      }
      this.#records.set(key, record)
    }
    return record
  }

  forget(key: string): void {
    this.#records.delete(key)
  }

  async addProxy(): Promise<{ id: string; proxy: FaultProxy }> {
    const proxy = await startProxy(this.port)
    const id = String(++this.#proxyCount)
    this.#proxies.set(id, proxy)
    return { id, proxy }
  }

  proxy(id: string): FaultProxy | undefined {
    return this.#proxies.get(id)
  }

  async removeProxy(id: string): Promise<void> {
    const proxy = this.#proxies.get(id)
    this.#proxies.delete(id)
    await proxy?.close()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#proxies.keys()].map((id) => this.removeProxy(id)))
    this.uploads.remove()
  }
}
