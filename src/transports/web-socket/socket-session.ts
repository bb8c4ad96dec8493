import { HANDSHAKE_CAUSES } from '../../advice.ts'
import type { Attempt } from '../../attempt.ts'
import { isPromise, isTrue } from '../../callback.ts'
import { SKIPPED } from '../../decoders/decode-message.ts'
import { isEndMarker, isLastMessage } from '../../decoders/end-options.ts'
import { provide } from '../../engine/provide.ts'
import { type StallWatch, watchForStall } from '../../engine/stall-watch.ts'
import { CloseError, isWireError, messageOf, WireError } from '../../errors.ts'
import { watchSilence } from '../../http/diagnostics/silent-feed.ts'
import { shownUrl } from '../../http/request.ts'
import type { CreateGate, Gate } from '../../outbox/send-gate.ts'
import type { OutboxAttachment } from '../../outbox/types.ts'
import type { WebSocketLike } from '../../platform/globals.ts'
import { spendMessage, TaskBudget } from '../../platform/task-budget.ts'
import {
  type CloseInfo,
  closeVerdict,
  NORMAL_CLOSURE,
  normalizeClose,
  TIMEOUT_CLOSURE,
} from '../../policy/close-code.ts'
import { closeName } from '../../policy/close-name.ts'
import { frameBytes, frameEncoder, framesOf } from '../../socket-frame.ts'
import { DecodeQueue } from './decode-queue.ts'
import { CONNECT_TIMEOUT_MS, type RunningHeartbeat, type WebSocketData, type WebSocketOptions } from './options.ts'
import type { FrameResult, ReadFrame } from './read-frame.ts'

/** Without an outbox and a heartbeat, a socket sends only its first frames. */
const createOpenGate: CreateGate = (socket) => ({
  isOpen: true,
  get bufferedBytes() {
    return socket.bufferedAmount
  },
  send: (frame) => socket.send(frame),
  takeDrained: () => false,
  stop: () => {},
})

/** One socket, from the handshake to its end. Reports to the attempt until its signal is aborted. */
export class SocketSession<T, C> {
  readonly #socket: WebSocketLike
  readonly #offered: readonly string[]
  readonly #options: WebSocketOptions<T, C>
  readonly #readFrame: ReadFrame<T>
  readonly #attempt: Attempt<T>

  readonly #results: DecodeQueue<FrameResult<T>> = new DecodeQueue(
    (result) => this.#deliver(result),
    (error) => this.#fail(error),
  )
  readonly #budget = new TaskBudget()
  readonly #gate: Gate
  #heartbeat: RunningHeartbeat | undefined
  #outbox: OutboxAttachment<T> | undefined
  #hasSentFirst = false
  #isAccepted = false
  /** The resume point of the connection, until the first message. */
  #resumedAt: string | undefined
  readonly #watch: StallWatch | undefined
  readonly #heard: () => void
  #hasOpened = false
  #loadedBytes = 0
  #hostError: unknown

  constructor(
    socket: WebSocketLike,
    offered: readonly string[],
    options: WebSocketOptions<T, C>,
    readFrame: ReadFrame<T>,
    attempt: Attempt<T>,
  ) {
    this.#socket = socket
    this.#offered = offered
    this.#options = options
    this.#readFrame = readFrame
    this.#attempt = attempt
    this.#resumedAt = attempt.cursor
    if (options.stallTimeoutMs !== undefined) this.#watch = watchForStall(attempt, options.stallTimeoutMs)
    this.#heard = watchSilence(socket, attempt.signal)
    const createGate = options.outgoing?.createGate ?? options.heartbeat?.createGate ?? createOpenGate
    this.#gate = createGate(socket, options, () => this.#outbox?.drained())

    attempt.signal.addEventListener('abort', () => this.#release(), { once: true })
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
    // Browsers give no reason here, other hosts do. `close` follows in any case.
    socket.onerror = (event: Partial<ErrorEvent>) => {
      this.#hostError = event.error
    }
    socket.onclose = (event: CloseInfo) => {
      try {
        this.#closed(event)
      } catch (error) {
        this.#fail(error)
      }
    }
  }

  /** Sends a ping, if there is a heartbeat. The attempt fails if the server does not respond. */
  probe(): void {
    this.#heartbeat?.probe()
  }

  async #open(): Promise<void> {
    const { protocol } = this.#socket
    // [spec] RFC 6455 §4.1, WebSockets §2: a handshake without one of the offered subprotocols, or with another one,
    // fails. Firefox and WebKit open the connection.
    const isOffered = this.#offered.length === 0 ? protocol === '' : this.#offered.includes(protocol)
    if (!isOffered) {
      this.#release()
      this.#attempt.fail(this.#handshakeError())
      return
    }
    this.#hasOpened = true
    this.#attempt.open(protocol === '' ? {} : { protocol })
    // The subscriber may have unsubscribed at `open`.
    if (this.#attempt.signal.aborted) return
    this.#attachOutbox()
    // All frames are created before the first is sent, because creating one may fail.
    const { sendOnOpen, connectTimeoutMs = CONNECT_TIMEOUT_MS } = this.#options
    // The engine limits only the time until `open`.
    const first = await provide(
      'sendOnOpen',
      async (context) => framesOf('sendOnOpen', await sendOnOpen?.(context)),
      this.#attempt,
      connectTimeoutMs,
    )
    if (this.#attempt.signal.aborted) return
    for (const frame of first) this.#gate.send(frame)
    this.#startHeartbeat()
    this.#watch?.activity()
    this.#hasSentFirst = true
    this.#writeWhenReady()
  }

  #writeWhenReady(): void {
    if (this.#canWrite) this.#outbox?.drained()
  }

  /** Whether the outbox may send: after the first frames, and after the server has accepted them. */
  get #canWrite(): boolean {
    return this.#hasSentFirst && (this.#isAccepted || this.#options.isReady === undefined)
  }

  #attachOutbox(): void {
    const encode = frameEncoder(this.#options.encode)
    const gate = this.#gate
    // The outbox has encoded the message in the default way, to measure it.
    const usesFrame = this.#options.encode === undefined
    const isReady = () => this.#canWrite
    this.#outbox = this.#options.outgoing?.attach({
      get isWritable() {
        return isReady() && gate.isOpen
      },
      get bufferedBytes() {
        return gate.bufferedBytes
      },
      write: (message, frame) => gate.send(frame !== undefined && usesFrame ? frame : encode(message)),
    })
    // A listener of the outbox may have unsubscribed when its counts changed.
    if (this.#attempt.signal.aborted) this.#outbox?.detach()
  }

  #startHeartbeat(): void {
    this.#heartbeat = this.#options.heartbeat?.start({
      send: (frame) => this.#gate.send(frame),
      hasDrained: () => this.#gate.takeDrained(),
      fail: (error) => this.#fail(error),
      address: () => this.#shownUrl(),
      lost: (error) => {
        this.#release(TIMEOUT_CLOSURE, 'no response to a ping')
        this.#attempt.fail(error)
      },
    })
  }

  #receive(data: WebSocketData): void {
    this.#heartbeat?.alive()
    this.#watch?.activity()
    this.#heard()
    if (this.#options.heartbeat !== undefined) this.#loadedBytes += frameBytes(data)
    const isPong = this.#readFrame.isPong?.(data)
    if (isPong) {
      if (isPong !== SKIPPED) this.#results.afterAll(() => this.#attempt.progress('download', this.#loadedBytes))
      return
    }
    const payloads = this.#readFrame.split?.(data)
    if (payloads === undefined) this.#receiveOne(data, () => frameBytes(data))
    else if (payloads !== SKIPPED) this.#receiveAll(payloads as readonly WebSocketData[], frameBytes(data))
  }

  /** Receives the messages of one frame. If they are many, the page has turns between them. */
  #receiveAll(payloads: readonly WebSocketData[], bytes: number): void {
    const size = () => bytes / payloads.length
    this.#budget.start()
    for (const [index, payload] of payloads.entries()) {
      // The subscriber may have unsubscribed, or a message has ended the wire.
      if (this.#attempt.signal.aborted) return
      if (this.#budget.isSpent) {
        const rest = payloads.slice(index)
        this.#results.append(async () => {
          await this.#budget.renew()
          await this.#receiveRest(rest)
        })
        return
      }
      this.#receiveOne(payload, size)
      spendMessage(this.#budget, index)
    }
  }

  async #receiveRest(payloads: readonly WebSocketData[]): Promise<void> {
    for (const [index, payload] of payloads.entries()) {
      if (this.#attempt.signal.aborted) return
      if (typeof payload === 'string' && isEndMarker(this.#options, payload)) {
        this.#attempt.close({ wasClean: true })
        return
      }
      const result = this.#readFrame.decode(payload)
      this.#deliver(isPromise(result) ? await result : result)
      spendMessage(this.#budget, index)
      if (this.#budget.isSpent) await this.#budget.renew()
    }
  }

  #receiveOne(data: WebSocketData, size: () => number): void {
    if (typeof data === 'string' && isEndMarker(this.#options, data)) {
      this.#results.afterAll(() => this.#attempt.close({ wasClean: true }))
    } else this.#results.push(this.#readFrame.decode(data), size)
  }

  #deliver(incoming: FrameResult<T>): void {
    const options = this.#options
    if (incoming === SKIPPED || this.#attempt.signal.aborted) return
    const { message, id } = incoming
    if (incoming.isGap) {
      this.#attempt.gap(id)
      return
    }
    if (incoming.isControl) {
      // The server may tell how far it has got, without a message.
      if (id !== undefined) this.#attempt.moveCursor(id)
      this.#attempt.progress('download', this.#loadedBytes)
      return
    }
    const isLast = isLastMessage(options, message, id, undefined, () => this.#shownUrl())
    const { isReady } = options
    if (isReady !== undefined && !this.#isAccepted && isTrue('isReady', () => isReady(message))) {
      this.#isAccepted = true
      this.#writeWhenReady()
    }
    this.#outbox?.received(message)
    // [law] 5: some servers continue at the last id instead of after it.
    const isReplayed = id !== undefined && id === this.#resumedAt
    this.#resumedAt = undefined
    if (isReplayed) this.#attempt.progress('download', 0)
    else this.#attempt.message(message, id)
    if (isLast) this.#attempt.close({ wasClean: true })
  }

  #closed(ending: CloseInfo): void {
    this.#release()
    this.#results.afterAll(() => this.#end(ending))
  }

  #end(ending: CloseInfo): void {
    const { code, reason, wasClean } = normalizeClose(ending)
    const verdict = closeVerdict(code, this.#options.closeCodes, reason)
    if (!this.#hasOpened) this.#attempt.fail(this.#handshakeError())
    else if (verdict === 'complete') this.#attempt.close({ code, reason, wasClean })
    else {
      const retryable = verdict === 'reconnect'
      this.#attempt.fail(new CloseError(this.#closeMessage(code, reason), { code, reason, wasClean, retryable }))
    }
  }

  #closeMessage(code: number, reason: string): string {
    const meaning = closeName(code)
    const shownCode = meaning === undefined ? `${code}` : `${code} (${meaning})`
    return `${this.#shownUrl()} closed the connection with ${shownCode}${reason === '' ? '' : `: ${reason}`}.`
  }

  #handshakeError(): WireError {
    const message = `${this.#shownUrl()} could not be opened.${HANDSHAKE_CAUSES}`
    return new WireError('network', message, { retryable: true, cause: this.#hostError })
  }

  #fail(error: unknown): void {
    this.#attempt.fail(
      isWireError(error)
        ? error
        : new WireError('decode', `A callback of ${this.#shownUrl()} threw: ${messageOf(error)}`, { cause: error }),
    )
  }

  #shownUrl(): string {
    return shownUrl(this.#socket)
  }

  /** Closes the socket without waiting for the closing handshake, which may take a minute on a dead path. */
  #release(code = NORMAL_CLOSURE, reason?: string): void {
    this.#outbox?.detach()
    this.#heartbeat?.stop()
    this.#gate.stop()
    const socket = this.#socket
    socket.onopen = null
    socket.onmessage = null
    socket.onclose = null
    // Some hosts throw an error event without a listener, for example when a connecting socket is closed.
    socket.onerror = () => {}
    socket.close(code, reason)
  }
}
