import { after } from '../../platform/clock.ts'
import type { WebSocketLike } from '../../platform/globals.ts'
import type { SocketFrame } from '../../socket-frame.ts'

// Browsers have no event for a draining buffer, so it is polled. At 20 ms a socket on a fast link is empty most of the
// time. Browsers clamp timers to 4 ms.
const POLL_MIN_MS = 4
const POLL_MAX_MS = 200
const POLL_GROWTH = 1.5

/** Keeps a socket's `bufferedAmount` between two water marks. */
export class SendGate {
  readonly #socket: WebSocketLike
  readonly #highBytes: number
  readonly #lowBytes: number
  readonly #onPoll: () => void
  #isShut = false
  #seenBytes = 0
  #hasDrained = false
  #pollMs = POLL_MIN_MS
  #cancelPoll: (() => void) | undefined
  #isStopped = false

  /** @param onPoll Called after each poll of the buffer: the gate may be open again. */
  constructor(socket: WebSocketLike, marks: { highBytes: number; lowBytes: number }, onPoll: () => void) {
    this.#socket = socket
    this.#highBytes = marks.highBytes
    this.#lowBytes = marks.lowBytes
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
    if (this.#seenBytes >= this.#highBytes) this.#isShut = true
    this.#poll()
  }

  /** Returns whether the buffer has drained since the last call, which proves that the server still receives. */
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
    if (this.#seenBytes <= this.#lowBytes) this.#isShut = false
    this.#onPoll()
  }

  /** Reads the buffered amount. Returns whether it has become smaller. */
  #measure(): boolean {
    const bytes = this.#socket.bufferedAmount
    const hasShrunk = bytes < this.#seenBytes
    // A small amount that vanishes at once may only have moved to the buffer of the operating system. While something
    // is left, or after the high-water mark, that buffer is full, so the server has received what drained.
    if (hasShrunk && (bytes > 0 || this.#isShut)) this.#hasDrained = true
    this.#seenBytes = bytes
    return hasShrunk
  }
}
