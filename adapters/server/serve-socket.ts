import { isEnd, LogReader } from './log-reader.ts'
import { headOrCreate, type Log } from './logs.ts'
import { EARLIEST, NOW } from './offset.ts'
import { type ReadOptions, resolveOptions } from './options.ts'
import { payloadKind } from './payload.ts'
import { requireOffset, socketCursor } from './read-request.ts'
import { isForeign, Refusal } from './response.ts'
import { refusal } from './serve-log.ts'
import { type LogSocket, SocketWriter } from './socket-writer.ts'
import { StoreError } from './store.ts'
import { frames, gapFrame } from './stream-formats.ts'
import { after } from './timer.ts'
import { type NodeRequest, toRequest } from './to-node.ts'

/** Options of `serveSocket`. */
export interface ServeSocketOptions extends ReadOptions {
  /** The request of the handshake. `lastEventId` or `offset` in its query is the cursor. */
  readonly request: Request | NodeRequest
  /** The origins whose pages may connect, or `'*'`. Default: the host of the request. */
  readonly origins?: '*' | readonly string[] | undefined
  /** No page is read while the socket has more unsent bytes than this. Default 65,536. */
  readonly highWaterBytes?: number | undefined
  /** How long a client may read nothing before it is closed with 3008, in milliseconds. Default 30,000. */
  readonly stallTimeoutMs?: number | undefined
  /** Receives what `authorize` throws. The socket is closed with 4500. Default: nothing. */
  readonly onError?: ((error: unknown) => void) | undefined
}

/** A socket that is served. */
export interface SocketReader {
  /** Passes on a message of a socket without `addEventListener`. */
  receive(message: unknown): void
  /** Ends the reading, for example when a socket without `addEventListener` was closed. */
  stop(): void
}

/** How long a client may take to say where to resume, before the server starts by itself. It may say it later, too. */
const FIRST_FRAME_MS = 1_000

/**
 * Sends a log over a WebSocket, one frame `{"id","data"}` per message. The client half is `logSocket()`.
 *
 * The client resumes by the query of the handshake, or by the frame `{"resume": id}`, which starts again from there.
 * Other frames: `{"id"}` is a sign of life, `{"id","gap"}` tells that items were lost. Close codes: 1000 the log is
 * complete, 3000 and 3003 not authorized, 3008 too slow, 4400 a malformed cursor, 4404 deleted, 4503 the store cannot be
 * reached.
 *
 * @throws TypeError if an option is invalid.
 *
 * @example
 * ```ts
 * import { memoryLogs, serveSocket } from 'rxwire/server'
 * import { WebSocketServer } from 'ws'
 *
 * const ticks = memoryLogs().open<{ price: number }>('ticks')
 * new WebSocketServer({ port: 3000 }).on('connection', (socket, request) => {
 *   serveSocket(ticks, socket, { request, origins: ['https://app.example'] })
 * })
 * ```
 */
export function serveSocket<T>(log: Log<T>, socket: LogSocket, options: ServeSocketOptions): SocketReader {
  const session = new SocketSession(log, socket, options)
  void session.run()
  return session
}

class SocketSession implements SocketReader {
  readonly #log: Log<unknown>
  readonly #options: ReturnType<typeof resolveOptions>
  readonly #request: Request
  readonly #origins: '*' | readonly string[]
  readonly #onError: (error: unknown) => void
  readonly #writer: SocketWriter
  readonly #left = new AbortController()
  /** Where the client wants to resume, until that is done. */
  #resume: string | undefined
  /** Ends the wait of the current reader. */
  #restart = new AbortController()
  #position: string | undefined
  /** Where the server has started by itself. */
  #startedAt: string | undefined

  constructor(log: Log<unknown>, socket: LogSocket, options: ServeSocketOptions) {
    this.#log = log
    this.#options = resolveOptions(options, false)
    this.#request = options.request instanceof Request ? options.request : toRequest(options.request)
    this.#origins = options.origins ?? []
    this.#onError = options.onError ?? (() => {})
    this.#writer = new SocketWriter(socket, this.#left.signal, options)
    socket.addEventListener?.('message', (event) => this.receive('data' in event && event.data))
    socket.addEventListener?.('close', () => this.stop())
    // `close` follows. Without a listener, an error would end the process.
    socket.addEventListener?.('error', () => {})
  }

  receive(message: unknown): void {
    const frame = frameOf(message)
    if (frame?.['ping'] === true) this.#writer.sendNow(JSON.stringify({ id: this.#position }))
    const resume = frame?.['resume']
    if (typeof resume !== 'string') return
    this.#resume = resume
    this.#restart.abort()
  }

  stop(): void {
    this.#left.abort()
    this.#restart.abort()
  }

  async run(): Promise<void> {
    try {
      await this.#serve()
    } catch (error) {
      if (this.#left.signal.aborted) return
      const refused = error instanceof Refusal
      const isStore = error instanceof StoreError
      if (!refused && !isStore) this.#onError(error)
      this.#writer.close(refused ? (CODES[error.status] ?? 4500) : isStore ? 4503 : 4500, refused ? error.message : '')
    } finally {
      this.stop()
    }
  }

  async #serve(): Promise<void> {
    if (isForeign(this.#request, this.#origins)) throw new Refusal(403, 'Pages of this origin may not connect.')
    await this.#authorize()
    // Where a client starts is decided now, although it may say later that it wants to start elsewhere.
    const head = await headOrCreate(this.#log)
    const cursor = socketCursor(this.#request)
    if (cursor === undefined) await this.#firstFrame(FIRST_FRAME_MS)
    const from = cursor ?? (this.#options.start === 'earliest' ? EARLIEST : NOW)
    const start = from === NOW ? head.offset : from
    let authorizeAtMs = Date.now() + this.#options.rotateMs
    let reader: LogReader | undefined
    let isStart = true
    while (!this.#left.signal.aborted) {
      if (Date.now() >= authorizeAtMs) {
        await this.#authorize()
        authorizeAtMs = Date.now() + this.#options.rotateMs
      }
      const resume = this.#resume
      if (reader === undefined || resume !== undefined) {
        this.#resume = undefined
        this.#restart = new AbortController()
        // The client has ignored what came before. Without a cursor it starts where the server has started.
        reader = this.#readerAt(resume ? requireOffset('resume', resume) : (this.#startedAt ?? start))
        isStart = true
      }
      const isEndOfLog = await this.#step(reader, isStart && { resumed: resume !== undefined }, authorizeAtMs)
      isStart = false
      // A client that resumes elsewhere may still be about to say so.
      if (isEndOfLog && resume === undefined) await this.#firstFrame(10 * FIRST_FRAME_MS)
      if (isEndOfLog && this.#resume === undefined) {
        this.#writer.close(1000, 'the log is complete')
        return
      }
    }
  }

  /** Sends one page. Resolves with whether it was the last. */
  async #step(
    reader: LogReader,
    start: false | { readonly resumed: boolean },
    authorizeAtMs: number,
  ): Promise<boolean> {
    const from = reader.position
    const waitMs = Math.min(this.#options.heartbeatMs, authorizeAtMs - Date.now())
    const result = await reader.next(start ? 0 : waitMs)
    // The client has said meanwhile that it wants something else.
    if (this.#resume !== undefined) return false
    if (result.type === 'missing') throw new Refusal(404, 'The log was deleted.')
    const ack = start !== false && start.resumed ? { resumed: true as const } : {}
    const isGone = result.type === 'gone'
    const at = isGone ? reader.skipTo(result.head) : result.after
    this.#startedAt ??= at
    // The position is that of the last frame, because a ping is answered with it.
    this.#position = reader.position
    // A client that is cut after the position, and before the gap, would not be notified, so they are one frame.
    const isShown = !isGone && (start !== false || result.items.length === 0)
    this.#writer.send(isShown ? [JSON.stringify({ id: at, ...ack })] : [])
    this.#writer.send(isGone ? [gapFrame(from, at, ack)] : frames(result, payloadKind(result.head.contentType)))
    await this.#writer.room()
    return !isGone && isEnd(result)
  }

  #readerAt(position: string): LogReader {
    const { pageItems: items, pageBytes: bytes, maxBehind } = this.#options
    const { store, name } = this.#log
    return new LogReader(store, name, position, { limit: { items, bytes }, maxBehind }, this.#restart.signal)
  }

  /** Waits a moment for the client to say where to resume. */
  async #firstFrame(limitMs: number): Promise<void> {
    const { signal } = this.#restart
    if (signal.aborted) return
    await new Promise<void>((resolve) => {
      const cancel = after(limitMs, resolve)
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
    })
  }

  async #authorize(): Promise<void> {
    const refused = await refusal(this.#request, { stream: this.#log.name, action: 'read' }, this.#options)
    if (refused !== undefined) throw new Refusal(refused.status, 'The request is not authorized.')
  }
}

const CODES: Readonly<Record<number, number>> = { 400: 4400, 401: 3000, 403: 3003, 404: 4404, 408: 3008 }

function frameOf(message: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    const frame: unknown = JSON.parse(String(message))
    return typeof frame === 'object' && frame !== null ? { ...frame } : undefined
  } catch {
    // A client may send what it likes. It is not read further.
    return undefined
  }
}
