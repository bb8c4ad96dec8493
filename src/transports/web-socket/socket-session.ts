import type { AttemptContext, AttemptSink } from '../../attempt.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { CloseError, isWireError, messageOf, WireError } from '../../errors.ts'
import { shownUrl } from '../../http/request.ts'
import type { OutboxAttachment } from '../../outbox/outbox.ts'
import type { WebSocketLike } from '../../platform/globals.ts'
import { closeMeaning, closeVerdict, type CloseInfo, normalizeClose } from '../../policy/close-code.ts'
import { provide } from '../../provider.ts'
import { frameBytes, frameEncoder } from '../../socket-frame.ts'
import { Heartbeat } from './heartbeat.ts'
import { type WebSocketData, type WebSocketOptions, waterMarks } from './options.ts'
import type { ReadFrame } from './read-frame.ts'
import { SendGate } from './send-gate.ts'

const HEARTBEAT_EVERY_MS = 25_000
const HEARTBEAT_TIMEOUT_MS = 10_000
const NORMAL_CLOSURE = 1000
// IANA registry: the other side was too slow.
const TIMEOUT = 3008

/** What is said over one socket. It begins before the handshake and ends by `sink`, or in silence by `signal`. */
export class SocketSession<T, C> {
  readonly #socket: WebSocketLike
  readonly #offered: readonly string[]
  readonly #options: WebSocketOptions<T, C>
  readonly #readFrame: ReadFrame<T>
  readonly #context: AttemptContext
  readonly #sink: AttemptSink<T>
  readonly #signal: AbortSignal

  readonly #gate: SendGate
  #heartbeat: Heartbeat | undefined
  #outbox: OutboxAttachment<T> | undefined
  #isReady = false
  #hasOpened = false
  #loadedBytes = 0
  #hostError: unknown

  constructor(
    socket: WebSocketLike,
    offered: readonly string[],
    options: WebSocketOptions<T, C>,
    readFrame: ReadFrame<T>,
    context: AttemptContext,
    sink: AttemptSink<T>,
    signal: AbortSignal,
  ) {
    this.#socket = socket
    this.#offered = offered
    this.#options = options
    this.#readFrame = readFrame
    this.#context = context
    this.#sink = sink
    this.#signal = signal
    this.#gate = new SendGate(socket, waterMarks(options), () => this.#outbox?.drained())

    signal.addEventListener('abort', () => this.#leave(), { once: true })
    socket.onopen = () => {
      this.#open().catch((error: unknown) => this.#fail(error))
    }
    socket.onmessage = ({ data }: MessageEvent<WebSocketData>) => {
      try {
        this.#receive(data)
      } catch (error) {
        this.#fail(error)
      }
    }
    // Browsers say nothing here, other hosts do. `close` follows in any case.
    socket.onerror = (event: Partial<ErrorEvent>) => {
      this.#hostError = event.error
    }
    socket.onclose = (event: CloseInfo) => this.#closed(event)
  }

  /** Asks whether anybody is there, if it can. It fails if nobody answers. */
  probe(): void {
    this.#heartbeat?.probe()
  }

  async #open(): Promise<void> {
    const { protocol } = this.#socket
    // [spec] RFC 6455 §4.1, WebSockets §2: without one of the offered subprotocols, or with another one, there is no
    // connection. Firefox and WebKit open one.
    const isAsked = this.#offered.length === 0 ? protocol === '' : this.#offered.includes(protocol)
    if (!isAsked) {
      this.#leave()
      this.#sink.fail(this.#refused())
      return
    }
    this.#hasOpened = true
    this.#sink.open(protocol === '' ? {} : { protocol })
    // Whoever heard that may have left.
    if (this.#signal.aborted) return
    this.#attachOutbox()
    // All of them before the first is sent: whoever provides them may fail in the midst of it.
    const { onOpen } = this.#options
    const first = await provide('onOpen', async (context) => [...((await onOpen?.(context)) ?? [])], this.#context)
    if (this.#signal.aborted) return
    for (const frame of first) this.#gate.send(frame)
    this.#startHeartbeat()
    this.#isReady = true
    this.#outbox?.drained()
  }

  #attachOutbox(): void {
    const encode = frameEncoder(this.#options.encode)
    const gate = this.#gate
    const isReady = () => this.#isReady
    this.#outbox = this.#options.outgoing?.attach({
      get isWritable() {
        return isReady() && gate.isOpen
      },
      get bufferedBytes() {
        return gate.bufferedBytes
      },
      write: (message) => gate.send(encode(message)),
    })
    // Whoever heard of that may have left, too.
    if (this.#signal.aborted) this.#outbox?.detach()
  }

  #startHeartbeat(): void {
    const { heartbeat } = this.#options
    if (heartbeat === undefined) return
    const timeoutMs = heartbeat.timeoutMs ?? HEARTBEAT_TIMEOUT_MS
    this.#heartbeat = new Heartbeat({
      everyMs: heartbeat.everyMs ?? HEARTBEAT_EVERY_MS,
      timeoutMs,
      ping: () => {
        try {
          this.#gate.send(heartbeat.ping())
        } catch (error) {
          this.#fail(error)
        }
      },
      hasDrained: () => this.#gate.takeMoved(),
      onSilence: () => {
        const message = `${this.#shownUrl()} did not answer a ping within ${timeoutMs} ms: the connection is half-open.`
        this.#leave(TIMEOUT, 'no answer to a ping')
        this.#sink.fail(new WireError('timeout', message, { retryable: true }))
      },
    })
  }

  #receive(data: WebSocketData): void {
    this.#heartbeat?.alive()
    const incoming = this.#readFrame(data)
    if (this.#options.heartbeat !== undefined) this.#loadedBytes += frameBytes(data)
    if (incoming === SKIPPED) return
    if (incoming.isPong) {
      this.#sink.progress('download', this.#loadedBytes)
      return
    }
    this.#outbox?.received(incoming.message)
    this.#sink.message(incoming.message, incoming.id)
  }

  #closed(ending: CloseInfo): void {
    this.#leave()
    const { code, reason, wasClean } = normalizeClose(ending)
    const verdict = closeVerdict(code, this.#options.closeCodes)
    if (!this.#hasOpened) this.#sink.fail(this.#refused())
    else if (verdict === 'complete') this.#sink.close({ code, reason, wasClean })
    else {
      const retryable = verdict === 'reconnect'
      this.#sink.fail(new CloseError(this.#closeMessage(code, reason), { code, reason, wasClean, retryable }))
    }
  }

  #closeMessage(code: number, reason: string): string {
    const meaning = closeMeaning(code)
    const named = meaning === undefined ? `${code}` : `${code} (${meaning})`
    return `${this.#shownUrl()} closed the connection with ${named}${reason === '' ? '' : `: ${reason}`}.`
  }

  #refused(): WireError {
    const message =
      `${this.#shownUrl()} could not be opened. Browsers hide why: the server may be out of reach, or it refused ` +
      'the handshake (its log knows the status), or it chose none of the offered subprotocols.'
    return new WireError('network', message, { retryable: true, cause: this.#hostError })
  }

  #fail(error: unknown): void {
    this.#sink.fail(
      isWireError(error)
        ? error
        : new WireError('decode', `A callback of ${this.#shownUrl()} failed: ${messageOf(error)}`, { cause: error }),
    )
  }

  #shownUrl(): string {
    return shownUrl(this.#socket)
  }

  /** Lets go of the socket. Its closing handshake may take a minute on a dead path; nobody waits for it. */
  #leave(code = NORMAL_CLOSURE, reason?: string): void {
    this.#outbox?.detach()
    this.#heartbeat?.stop()
    this.#gate.stop()
    const socket = this.#socket
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    // Kept, because some hosts throw an error that nobody hears: closing a socket that is still connecting is one.
    socket.onerror = () => {}
    socket.close(code, reason)
  }
}
