import type { Subscriber } from 'rxjs'
import type { Attempt, Connect } from '../attempt.ts'
import { changedError, isWireError, messageOf, WireError } from '../errors.ts'
import { now } from '../platform/clock.ts'
import { isResumePoint } from '../resume-point.ts'
import type { Backpressure } from '../subscription-context.ts'
import type { WireClose, WireEvent, WireMessage, WireOpen, WireProgress } from '../wire.ts'
import type { SourceMemory } from '../wire-memory.ts'
import type { LivenessCheck } from './liveness-check.ts'

/** The state that the attempts of one subscription share, and the receiver of their reports. */
export interface AttemptHost<T> {
  readonly subscriber: Subscriber<WireEvent<T>>
  readonly backpressure: Backpressure | undefined
  cursor: string | undefined
  /** What the next `open` says about the messages before it, unless the transport knows better. */
  continuity: WireOpen['continuity']
  last: WireMessage<T> | undefined
  readonly memory: SourceMemory
  /** Any event ends the check. */
  readonly liveness: LivenessCheck
  /** The server has responded. */
  onOpen(): void
  onRetryAfter(delayMs: number): void
  onFailure(error: unknown): void
}

/** The attempt that a transport receives. It turns calls into events, and keeps what the engine needs when it ends. */
export class RunningAttempt<T> implements Attempt<T> {
  readonly attempt: number
  readonly cause: WireError | undefined

  /** When the server responded; `undefined` before that. */
  openedAtMs: number | undefined
  /** Whether the attempt has delivered a message or moved the resume point. */
  hasDelivered = false
  /** Whether the attempt has moved the resume point. */
  hasMoved = false
  /** Why the attempt cannot be repeated; `undefined` if it can. */
  unrepeatable: string | undefined
  probe: (() => void) | undefined

  readonly #host: AttemptHost<T>
  readonly #controller = new AbortController()
  readonly signal: AbortSignal = this.#controller.signal
  #isOver = false

  constructor(host: AttemptHost<T>, attempt: number, cause: WireError | undefined) {
    this.#host = host
    this.attempt = attempt
    this.cause = cause
  }

  get cursor(): string | undefined {
    return this.#host.cursor
  }

  get last(): WireMessage<T> | undefined {
    return this.#host.last
  }

  get memory(): SourceMemory {
    return this.#host.memory
  }

  /** Emits `connecting`, then connects, unless the subscriber unsubscribes during that event. */
  run(connect: Connect<T>): void {
    this.#host.subscriber.next({ type: 'connecting', attempt: this.attempt })
    if (this.#isOver) return
    const connecting = async () => connect(this)
    connecting().catch((error: unknown) => this.fail(isWireError(error) ? error : unexpected(error)))
  }

  /** Ends the attempt without an event. */
  abort(): void {
    this.#isOver = true
    this.#controller.abort()
  }

  open(info?: Omit<WireOpen, 'type'>): void {
    const { continuity } = this.#host
    if (!this.#isOver) this.#host.continuity = undefined
    this.event({ type: 'open', ...(continuity !== undefined && { continuity }), ...info })
  }

  progress(direction: WireProgress['direction'], loaded: number, total?: number, acknowledged?: number): void {
    this.event({
      type: 'progress',
      direction,
      loaded,
      ...(total !== undefined && { total }),
      ...(acknowledged !== undefined && { acknowledged }),
    })
  }

  message(data: T, id?: string, name?: string): void {
    // [spec] HTML §9.2.6: an empty id means that there is no resume point any more.
    if (id === '') this.moveCursor(undefined)
    this.event(messageEvent(data, id !== undefined && isResumePoint(id) ? id : undefined, name))
  }

  close(info: Omit<WireClose, 'type'>): void {
    this.event({ type: 'close', ...info })
    this.complete()
  }

  /** Hot path: the one call between a message and the subscriber. */
  event(event: WireEvent<T>): void {
    if (this.#isOver) return
    const host = this.#host
    if (event.type === 'message') {
      this.hasDelivered = true
      host.last = event
      if (event.id !== undefined) {
        this.hasMoved ||= event.id !== host.cursor
        host.cursor = event.id
      }
    }
    // A message proves that the server has responded, even if no `open` came before it.
    if (this.openedAtMs === undefined && (event.type === 'message' || event.type === 'open')) {
      this.openedAtMs = now()
      host.onOpen()
    }
    if (host.liveness.isRunning) host.liveness.clear()
    host.subscriber.next(event)
  }

  complete(): void {
    if (!this.#isOver) this.#host.subscriber.complete()
  }

  fail(error: unknown): void {
    if (this.#isOver) return
    this.abort()
    this.#host.onFailure(this.unrepeatable === undefined ? error : asFinal(error, this.unrepeatable))
  }

  ready(): Promise<void> | undefined {
    const { backpressure } = this.#host
    if (backpressure === undefined) return undefined
    backpressure.isRespected = true
    return backpressure.ready()
  }

  moveCursor(cursor: string | undefined): void {
    if (this.#isOver || cursor === this.#host.cursor || (cursor !== undefined && !isResumePoint(cursor))) return
    this.#host.cursor = cursor
    if (cursor !== undefined) this.hasDelivered = this.hasMoved = true
  }

  gap(cursor?: string): void {
    if (cursor) this.moveCursor(cursor)
    this.open({ continuity: 'gap' })
  }

  retryAfter(delayMs: number): void {
    if (!this.#isOver && delayMs >= 0) this.#host.onRetryAfter(delayMs)
  }

  onProbe(probe: () => void): void {
    this.probe = probe
  }

  markUnrepeatable(why = ''): void {
    this.unrepeatable = why
  }

  markRepeatable(): void {
    this.unrepeatable = undefined
  }
}

/** Hot path: a literal for each shape. A property that is added later would take a second object. */
function messageEvent<T>(data: T, id: string | undefined, name: string | undefined): WireMessage<T> {
  if (id === undefined) return name === undefined ? { type: 'message', data } : { type: 'message', data, name }
  return name === undefined ? { type: 'message', data, id } : { type: 'message', data, id, name }
}

function unexpected(cause: unknown): WireError {
  return new WireError('network', `The attempt failed unexpectedly: ${messageOf(cause)}`, { cause })
}

function asFinal(error: unknown, why: string): unknown {
  if (!isWireError(error) || !error.retryable) return error
  return changedError(error, { message: error.message + why, retryable: false })
}
