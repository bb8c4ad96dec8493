import { after } from '../../platform/clock.ts'
import type { WebSocketLike } from '../../platform/globals.ts'
import type { SocketFrame } from '../../socket-frame.ts'

// There is no event for it: a browser's buffer has to be looked at.
// At 20 ms, a socket on a fast link stands empty most of the time; less than 4 browsers do not grant.
const POLL_MIN_MS = 4
const POLL_MAX_MS = 200
const POLL_GROWTH = 1.5

/** Keeps a socket's `bufferedAmount` between two marks. */
export class SendGate {
  readonly #socket: WebSocketLike
  readonly #highBytes: number
  readonly #lowBytes: number
  readonly #onLook: () => void
  #isShut = false
  #seenBytes = 0
  #hasMoved = false
  #pollMs = POLL_MIN_MS
  #cancelPoll: (() => void) | undefined
  #isStopped = false

  /** @param onLook Called whenever the buffer was looked at: the gate may be open again. */
  constructor(socket: WebSocketLike, marks: { highBytes: number; lowBytes: number }, onLook: () => void) {
    this.#socket = socket
    this.#highBytes = marks.highBytes
    this.#lowBytes = marks.lowBytes
    this.#onLook = onLook
  }

  get isOpen(): boolean {
    return !this.#isShut && this.#socket.readyState === this.#socket.OPEN
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  /** Sends at once, whatever is buffered: who has a choice asks `isOpen` before. */
  send(frame: SocketFrame): void {
    this.#note()
    this.#socket.send(frame)
    this.#seenBytes = this.#socket.bufferedAmount
    if (this.#seenBytes >= this.#highBytes) this.#isShut = true
    this.#poll()
  }

  /** Whether a backlog has become smaller since this was asked last: then the other side still takes it. */
  takeMoved(): boolean {
    const hasMoved = this.#hasMoved
    this.#hasMoved = false
    return hasMoved
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelPoll?.()
  }

  /** Only while there is something to look at; less often while nothing moves. */
  #poll(): void {
    if (this.#isStopped || this.#seenBytes === 0 || this.#cancelPoll !== undefined) return
    this.#cancelPoll = after(this.#pollMs, () => {
      this.#cancelPoll = undefined
      this.#look()
      this.#poll()
    })
  }

  #look(): void {
    const moved = this.#note()
    this.#pollMs = moved ? POLL_MIN_MS : Math.min(POLL_MAX_MS, this.#pollMs * POLL_GROWTH)
    if (this.#seenBytes <= this.#lowBytes) this.#isShut = false
    this.#onLook()
  }

  /** Looks at the buffer. Returns whether there is less in it than there was. */
  #note(): boolean {
    const bytes = this.#socket.bufferedAmount
    const moved = bytes < this.#seenBytes
    // A little that vanishes whole may have gone no further than into the operating system. While something is left,
    // or there was as much as this, that is full, and what moves was taken by the other side.
    if (moved && (bytes > 0 || this.#isShut)) this.#hasMoved = true
    this.#seenBytes = bytes
    return moved
  }
}
