import { type FaultProxy, startProxy } from './proxy.ts'
import { Uploads } from './uploads.ts'

/** One HTTP request or WebSocket handshake, as the server received it. */
interface SeenRequest {
  readonly path: string
  readonly url: string
  readonly method: string
  readonly lastEventId: string | undefined
  readonly authorization: string | undefined
  readonly idempotencyKey: string | undefined
  /** The subprotocols in the handshake, as in the header. */
  readonly protocols: string | undefined
  /** The body as text. For a large body, or one that the scenario reads itself, only its size. */
  readonly body: string
}

/** The close code and reason that the server received. */
interface SeenClose {
  readonly code: number
  readonly reason: string
}

/** What the server has recorded for one key. */
export interface KeyRecord {
  open: number
  peak: number
  readonly seen: SeenRequest[]
  /** The texts received over sockets, in order, if the scenario records them. */
  readonly received: string[]
  /** The total size of all frames received over sockets. */
  receivedBytes: number
  readonly closes: SeenClose[]
  /** For each path: how many bytes the finished requests of uploads had, including their heads. */
  readonly uploadedBytes: Record<string, number>
  /** How many rows were written, if the scenario counts them. */
  written: number
  /** The speed of the slow reader: 0 stops it, `undefined` removes the limit. */
  readBytesPerSecond: number | undefined
  /** Until when to respond with 503, and with which Retry-After. */
  unavailable: { untilMs: number; retryAfter: string } | undefined
  /** The only valid token; `undefined` requires none. */
  token: string | undefined
}

/** The state of the server: one record for each key, and the proxies in front of the server. */
export class Lab {
  readonly uploads: Uploads = new Uploads()
  /** The port of the server. The proxies forward to it. */
  port = 0
  readonly #records = new Map<string, KeyRecord>()
  readonly #proxies = new Map<string, FaultProxy>()
  readonly #steps: (() => Promise<void>)[] = []
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
        uploadedBytes: {},
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

  /** Adds a step to `close`. */
  onClose(step: () => Promise<void>): void {
    this.#steps.push(step)
  }

  async close(): Promise<void> {
    await Promise.all(this.#steps.splice(0).map((step) => step()))
    await Promise.all([...this.#proxies.keys()].map((id) => this.removeProxy(id)))
    this.uploads.remove()
  }
}
