import { preciseNow } from '../platform/clock.ts'

const INITIAL_BYTES = 256 * 1024
const MIN_BYTES = 64 * 1024
const MAX_BYTES = 4 * 1024 * 1024
// How much is buffered, in time: enough until the next look at the buffer, and little of what may be out of date.
const BUFFERED_MS = 20
// Shorter measurements would mostly see the steps in which hosts report the buffer.
const MEASURE_MS = 5
// The buffers of the operating system take the first megabytes at once, on any link. So the mark grows only after so many
// times its bytes have drained.
const SUSTAINED = 8

/**
 * The water marks of a socket's send buffer. They follow the measured drain rate, unless the caller has set them: a fast
 * link is never idle, and on a slow one little is buffered.
 */
export class WaterMarks {
  highBytes: number
  lowBytes: number
  readonly #isFixed: boolean
  #drainedBytes = 0
  #sustainedBytes = 0
  #sinceMs: number | undefined

  constructor(highBytes: number | undefined, lowBytes: number | undefined) {
    this.#isFixed = highBytes !== undefined || lowBytes !== undefined
    this.highBytes = highBytes ?? INITIAL_BYTES
    this.lowBytes = lowBytes ?? this.highBytes / 4
  }

  /**
   * Notes that the buffer has drained since the last call.
   *
   * @param isEmpty Whether nothing is left, so that the link may be faster.
   */
  drained(bytes: number, isEmpty: boolean): void {
    if (this.#isFixed) return
    const nowMs = preciseNow()
    this.#sinceMs ??= nowMs
    this.#drainedBytes += bytes
    const tookMs = nowMs - this.#sinceMs
    if (tookMs < MEASURE_MS) return
    const bytesPerMs = this.#drainedBytes / tookMs
    const targetBytes = isEmpty ? Math.max(this.highBytes, 2 * bytesPerMs * BUFFERED_MS) : bytesPerMs * BUFFERED_MS
    this.#sustainedBytes += this.#drainedBytes
    this.restart(nowMs)
    if (targetBytes <= this.highBytes) this.#set((this.highBytes + targetBytes) / 2)
    else if (this.#sustainedBytes >= SUSTAINED * this.highBytes) this.#set(Math.min(2 * this.highBytes, targetBytes))
  }

  #set(highBytes: number): void {
    this.highBytes = Math.min(MAX_BYTES, Math.max(MIN_BYTES, highBytes))
    this.lowBytes = this.highBytes / 4
    this.#sustainedBytes = 0
  }

  /** Forgets the measurement, because nothing was buffered. */
  restart(nowMs?: number): void {
    this.#drainedBytes = 0
    this.#sinceMs = nowMs
  }
}
