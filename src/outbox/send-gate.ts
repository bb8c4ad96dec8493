import { after } from '../platform/clock.ts'
import type { WebSocketLike } from '../platform/globals.ts'
import { inNextTask } from '../platform/task-budget.ts'
import type { SocketFrame } from '../socket-frame.ts'
import { WaterMarks } from './water-marks.ts'

// Browsers have no event for a draining buffer, so it is polled. At 20 ms a socket on a fast link is empty most of the
// time. Browsers clamp timers to 4 ms.
const POLL_MIN_MS = 4
const POLL_MAX_MS = 200
const POLL_GROWTH = 1.5
// So many tasks without progress end the quick looks. The timer goes on.
const MAX_IDLE_LOOKS = 50

/** Two water marks, which may follow what drains. */
type Marks = Pick<WaterMarks, 'highBytes' | 'lowBytes'> & Partial<WaterMarks>

/** What a socket sends through. */
export interface Gate {
  /** Whether a sender that can wait may send. */
  readonly isOpen: boolean
  readonly bufferedBytes: number
  send(frame: SocketFrame): void
  /** Returns whether the buffer has drained since the last call, which proves that the server still receives. */
  takeDrained(): boolean
  stop(): void
}

/** Creates the gate of one socket. `onPoll` is called when it may be open again. */
export type CreateGate = (
  socket: WebSocketLike,
  marks: { readonly highWaterBytes?: number | undefined; readonly lowWaterBytes?: number | undefined },
  onPoll: () => void,
) => Gate

/** For an outbox and a heartbeat, which need to know what drains. */
export const createSendGate: CreateGate = (socket, { highWaterBytes, lowWaterBytes }, onPoll) =>
  new SendGate(socket, new WaterMarks(highWaterBytes, lowWaterBytes), onPoll)

/** Keeps a socket's `bufferedAmount` between two water marks. */
export class SendGate implements Gate {
  readonly #socket: WebSocketLike
  readonly #marks: Marks
  readonly #onPoll: () => void
  #isShut = false
  #seenBytes = 0
  #hasDrained = false
  #pollMs = POLL_MIN_MS
  #cancelPoll: (() => void) | undefined
  #isLooking = false
  #isStopped = false

  /** @param onPoll Called after each poll of the buffer: the gate may be open again. */
  constructor(socket: WebSocketLike, marks: Marks, onPoll: () => void) {
    this.#socket = socket
    this.#marks = marks
    this.#onPoll = onPoll
  }

  get isOpen(): boolean {
    return !this.#isShut && this.#socket.readyState === this.#socket.OPEN
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Sends at once, however much is buffered. Callers that can wait check `isOpen` first. */
  send(frame: SocketFrame): void {
    this.#measure()
    this.#socket.send(frame)
    this.#seenBytes = this.#socket.bufferedAmount
    if (this.#seenBytes >= this.#marks.highBytes) {
      this.#isShut = true
      this.#lookSoon()
    }
    this.#poll()
  }

  takeDrained(): boolean {
    const hasDrained = this.#hasDrained
    this.#hasDrained = false
    return hasDrained
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelPoll?.()
  }

  /** Polls only while something is buffered, and less often while nothing drains. */
  #poll(): void {
    if (this.#isStopped || this.#seenBytes === 0 || this.#cancelPoll !== undefined) return
    this.#cancelPoll = after(this.#pollMs, () => {
      this.#cancelPoll = undefined
      this.#check()
      this.#poll()
    })
  }

  #check(): void {
    const hasShrunk = this.#measure()
    this.#pollMs = hasShrunk ? POLL_MIN_MS : Math.min(POLL_MAX_MS, this.#pollMs * POLL_GROWTH)
    if (this.#seenBytes <= this.#marks.lowBytes) this.#isShut = false
    if (this.#seenBytes === 0) this.#marks.restart?.()
    this.#onPoll()
  }

  /** Looks at the buffer in each task while the gate is shut and something drains. */
  #lookSoon(idleLooks = 0): void {
    if (this.#isLooking || idleLooks > MAX_IDLE_LOOKS) return
    this.#isLooking = true
    inNextTask(() => {
      this.#isLooking = false
      if (this.#isStopped || !this.#isShut) return
      const before = this.#seenBytes
      if (this.#socket.bufferedAmount !== before) this.#check()
      if (this.#isShut) this.#lookSoon(this.#seenBytes < before ? 0 : idleLooks + 1)
    })
  }

  /** Reads the buffered amount. Returns whether it has become smaller. */
  #measure(): boolean {
    const bytes = this.#socket.bufferedAmount
    const hasShrunk = bytes < this.#seenBytes
    // A small amount that vanishes at once may only have moved to the buffer of the operating system. While something
    // is left, or after the high-water mark, that buffer is full, so the server has received what drained.
    if (hasShrunk && (bytes > 0 || this.#isShut)) this.#hasDrained = true
    if (hasShrunk) this.#marks.drained?.(this.#seenBytes - bytes, bytes === 0)
    this.#seenBytes = bytes
    return hasShrunk
  }
}
