import { encode } from '../connection/bytes.ts'
import { Faults } from '../connection/faults.ts'
import type { HttpRequest, IncomingRequest, ServerResponse } from '../connection/http.ts'
import type { FakeFrame, FakeServerSocket } from '../connection/server-socket.ts'
import type { Network } from '../network.ts'

/** Options of `log()` of a fake network. */
export interface FakeLogOptions {
  /** Where a reader without a cursor starts: at the first message, or after the last one. Default `'earliest'`. */
  readonly start?: 'earliest' | 'now' | undefined
  /** What a GET without `Accept: text/event-stream` or `application/x-ndjson` gets. Default `'long-poll'`. */
  readonly format?: 'long-poll' | 'ndjson' | undefined
  /** How long a long poll without news is held, in milliseconds. Default 25,000. */
  readonly holdMs?: number | undefined
  /** The `retry:` of an event stream, in milliseconds. Default: none is sent. */
  readonly retryMs?: number | undefined
}

/** A connection attempt of a client. */
export interface SeenAttempt {
  /** When it was sent, in milliseconds since the network was created or installed. */
  readonly atMs: number
  /** The cursor that it sent. */
  readonly cursor?: string
}

interface Item {
  readonly id: string
  readonly name: string | undefined
  readonly data: unknown
}

/**
 * One log of messages, and the faults of the connections that read it. Made by `log()` of a fake network. It serves
 * one path as
 *
 * - Server-Sent Events: each message with its `id`, after `Last-Event-ID` or `?lastEventId=`
 * - long poll: a JSON array of the messages after `If-None-Match` or `?cursor=`, with the last id as `ETag`
 * - NDJSON: a line for each message after `?cursor=`
 * - WebSocket: a text frame for each message after `?cursor=`; frames of the clients are in `received`
 */
export class FakeLog extends Faults {
  /** All connection attempts, in order. Those that were refused or got another answer are included. */
  readonly attempts: SeenAttempt[] = []
  /** The frames that clients have sent over sockets. */
  readonly received: FakeFrame[] = []
  readonly #network: Network
  readonly #options: FakeLogOptions
  readonly #items: Item[] = []
  readonly #readers = new Set<Reader>()
  #isClosed = false

  /** @internal */
  constructor(network: Network, options: FakeLogOptions) {
    super()
    this.#network = network
    this.#options = options
  }

  /**
   * Appends a message. A text is sent as it is, another value as JSON.
   *
   * @param id Default: the number of the message, from 1.
   * @returns The id.
   */
  send(data: unknown, { id = String(this.#items.length + 1), name }: { id?: string; name?: string } = {}): string {
    this.#items.push({ id, name, data })
    for (const reader of [...this.#readers]) reader.wake()
    return id
  }

  /** Writes a text to all open streams and sockets, outside of the log: a comment, or something that is malformed. */
  write(text: string): void {
    for (const reader of [...this.#readers]) reader.write(text)
  }

  /** Ends the log: streams end, sockets close with 1000, and later requests get a 204. */
  end(): void {
    this.#isClosed = true
    this.close()
  }

  /** Ends the open connections after what was sent: responses end, sockets close with this code. Default 1000. */
  override close(code = 1000, reason = ''): void {
    for (const reader of [...this.#readers]) reader.stop(code, reason)
  }

  /** @internal */
  get faults(): this {
    return this
  }

  /** @internal */
  noteRequest({ url, headers }: HttpRequest): void {
    this.#note(cursorOf(url, headers))
  }

  /** @internal */
  noteHandshake(url: URL): void {
    this.#note(cursorOf(url))
  }

  /** @internal */
  chooseProtocol(offered: readonly string[]): string {
    return offered[0] ?? ''
  }

  /** @internal */
  async serve({ url, headers, signal }: IncomingRequest): Promise<ServerResponse> {
    if (this.#isClosed) return { status: 204, headers: new Headers(), body: [] }
    const cursor = cursorOf(url, headers)
    const reader = this.#reader(cursor, signal)
    const accept = headers.get('accept') ?? ''
    if (accept.includes('text/event-stream')) {
      const { retryMs } = this.#options
      return streamOf('text/event-stream', reader, eventOf, retryMs === undefined ? '' : `retry: ${retryMs}\n\n`)
    }
    if (accept.includes('ndjson') || this.#options.format === 'ndjson') {
      return streamOf('application/x-ndjson', reader, ({ data }) => `${JSON.stringify(data)}\n`)
    }
    return this.#poll(reader, headers.has('if-none-match'))
  }

  /** @internal */
  accept(socket: FakeServerSocket): void {
    const over = new AbortController()
    socket.hooks = { frame: (frame) => this.received.push(frame), close: () => over.abort() }
    if (this.#isClosed) {
      socket.close()
      return
    }
    const reader = this.#reader(cursorOf(socket.url), over.signal)
    const push = () => {
      for (const item of reader.take()) socket.send(typeof item === 'string' ? item : textOf(item.data))
      if (reader.end !== undefined) socket.close(...reader.end)
    }
    reader.onNews = push
    push()
  }

  #note(cursor: string | undefined): void {
    this.attempts.push({ atMs: this.#network.atMs(), ...(cursor !== undefined && { cursor }) })
  }

  #reader(cursor: string | undefined, signal: AbortSignal): Reader {
    const reader = new Reader(this.#items, this.#indexAfter(cursor), () => this.isDuplicating)
    this.#readers.add(reader)
    const leave = () => {
      this.#readers.delete(reader)
      reader.stop()
    }
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave)
    return reader
  }

  /** A cursor that is not in the log starts at the first message. */
  #indexAfter(cursor: string | undefined): number {
    if (cursor === undefined) return this.#options.start === 'now' ? this.#items.length : 0
    return this.#items.findLastIndex(({ id }) => id === cursor) + 1
  }

  async #poll(reader: Reader, isConditional: boolean): Promise<ServerResponse> {
    const hold = setTimeout(() => reader.stop(), this.#options.holdMs ?? 25_000)
    await reader.news()
    clearTimeout(hold)
    const items = reader.take().filter((item) => typeof item !== 'string')
    const last = items.at(-1)
    if (last === undefined) return { status: isConditional ? 304 : 204, headers: new Headers(), body: [] }
    const headers = new Headers({ 'content-type': 'application/json', etag: `"${last.id}"` })
    return { status: 200, headers, body: [encode(JSON.stringify(items.map(({ data }) => data)))] }
  }
}

/** A position in the log. */
class Reader {
  onNews = () => {}
  readonly #items: readonly Item[]
  readonly #isDuplicating: () => boolean
  #next: number
  #written: string[] = []
  #end: [code: number, reason: string] | undefined

  constructor(items: readonly Item[], next: number, isDuplicating: () => boolean) {
    this.#items = items
    this.#next = next
    this.#isDuplicating = isDuplicating
  }

  /** How it has ended. What was sent before can still be taken. */
  get end(): [code: number, reason: string] | undefined {
    return this.#end
  }

  /** The messages since the last call, and the texts that were written. */
  take(): (Item | string)[] {
    const items = this.#items.slice(this.#next)
    this.#next = this.#items.length
    const written = this.#written.splice(0)
    return [...(this.#isDuplicating() ? items.flatMap((item) => [item, item]) : items), ...written]
  }

  write(text: string): void {
    this.#written.push(text)
    this.wake()
  }

  wake(): void {
    this.onNews()
  }

  stop(code = 1000, reason = ''): void {
    this.#end ??= [code, reason]
    this.onNews()
  }

  /** Resolves when there is something to take, or the reader has stopped. */
  news(): Promise<void> {
    if (this.#end !== undefined || this.#written.length > 0 || this.#next < this.#items.length) return Promise.resolve()
    return new Promise((resolve) => {
      this.onNews = resolve
    })
  }
}

function streamOf(type: string, reader: Reader, render: (item: Item) => string, first = ''): ServerResponse {
  const body = async function* () {
    if (first !== '') yield encode(first)
    for (;;) {
      const items = reader.take()
      if (items.length === 0 && reader.end !== undefined) return
      for (const item of items) yield encode(typeof item === 'string' ? item : render(item))
      await reader.news()
    }
  }
  return { status: 200, headers: new Headers({ 'content-type': type, 'cache-control': 'no-store' }), body: body() }
}

/** [spec] HTML §9.2.6: a line for each line of the data. */
function eventOf({ id, name, data }: Item): string {
  const event = name === undefined ? '' : `event: ${name}\n`
  const lines = textOf(data).split(/\r\n|\r|\n/)
  return `${event}id: ${id}\n${lines.map((line) => `data: ${line}\n`).join('')}\n`
}

function textOf(data: unknown): string {
  return typeof data === 'string' ? data : JSON.stringify(data)
}

function cursorOf({ searchParams }: URL, headers: Headers = new Headers()): string | undefined {
  const etag = headers.get('if-none-match')?.replace(/^(?:W\/)?"(.*)"$/, '$1')
  const cursor = headers.get('last-event-id') ?? etag ?? searchParams.get('lastEventId') ?? searchParams.get('cursor')
  return cursor === null || cursor === '' ? undefined : cursor
}
