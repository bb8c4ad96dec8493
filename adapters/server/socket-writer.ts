import { Refusal } from './response.ts'
import { after } from './timer.ts'

/** A socket of the server: of `ws`, Deno or Workers, or an object with these three members. */
export interface LogSocket {
  readonly bufferedAmount: number
  send(frame: string): unknown
  close(code?: number, reason?: string): unknown
  /** If it is missing, the caller passes on messages and the end, by what `serveSocket` returns. */
  addEventListener?(type: 'message' | 'close' | 'error', listener: (event: object) => void): unknown
}

interface WriterOptions {
  readonly highWaterBytes?: number | undefined
  readonly stallTimeoutMs?: number | undefined
}

// A socket does not tell when it has room, so a full one is looked at from time to time.
const LOOK_FIRST_MS = 10
const LOOK_MAX_MS = 250

/** Sends frames at the pace of the client. */
export class SocketWriter {
  readonly #socket: LogSocket
  readonly #signal: AbortSignal
  readonly #highWaterBytes: number
  readonly #stallTimeoutMs: number

  /** @param signal Aborted when the client has left. */
  constructor(
    socket: LogSocket,
    signal: AbortSignal,
    { highWaterBytes = 65_536, stallTimeoutMs = 30_000 }: WriterOptions,
  ) {
    this.#socket = socket
    this.#signal = signal
    this.#highWaterBytes = highWaterBytes
    this.#stallTimeoutMs = stallTimeoutMs
  }

  send(frames: readonly string[]): void {
    for (const frame of frames) if (!this.#signal.aborted) this.#socket.send(frame)
  }

  /**
   * Waits until the socket has room.
   *
   * @throws Refusal with 408 if the client reads nothing for too long.
   */
  async room(): Promise<void> {
    let lookMs = LOOK_FIRST_MS
    let buffered = this.#socket.bufferedAmount
    let stalledMs = 0
    while (this.#socket.bufferedAmount > this.#highWaterBytes && !this.#signal.aborted) {
      await this.#wait(lookMs)
      stalledMs = this.#socket.bufferedAmount < buffered ? 0 : stalledMs + lookMs
      buffered = this.#socket.bufferedAmount
      lookMs = Math.min(LOOK_MAX_MS, lookMs * 2)
      if (stalledMs >= this.#stallTimeoutMs) throw new Refusal(408, 'The client does not read.')
    }
  }

  /** Sends a frame to a client that has asked for it, unless the socket is full. */
  sendNow(frame: string): void {
    if (!this.#signal.aborted && this.#socket.bufferedAmount <= this.#highWaterBytes) this.#socket.send(frame)
  }

  close(code: number, reason: string): void {
    if (!this.#signal.aborted) this.#socket.close(code, reason)
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = () => {
        cancel()
        this.#signal.removeEventListener('abort', settle)
        resolve()
      }
      const cancel = after(delayMs, settle)
      this.#signal.addEventListener('abort', settle)
    })
  }
}
