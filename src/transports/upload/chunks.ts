// Servers and proxies commonly accept requests of this size, so chunks do not shrink further.
const MIN_BYTES = 256 * 1024
// The largest chunk after a 413.
const MAX_BYTES_AFTER_413 = 8 * 1024 * 1024

/**
 * Cuts a file into chunks, and tracks how many bytes were sent and acknowledged. The attempts of one subscription share
 * it.
 */
export class Chunks {
  readonly #file: Blob
  #limitBytes: number
  #sentBytes = 0
  #acknowledgedBytes = -1

  constructor(file: Blob, limitBytes: number = Number.POSITIVE_INFINITY) {
    this.#file = file
    // A limit below one byte would make every chunk empty.
    this.#limitBytes = Math.ceil(limitBytes)
  }

  /** Returns the chunk that starts at `offset`. */
  from(offset: number): Blob {
    return this.#file.slice(offset, Math.min(offset + this.#limitBytes, this.#file.size))
  }

  /** Halves the chunk size after a chunk was too large. Returns `false` if chunks cannot get any smaller. */
  shrink({ size }: Blob): boolean {
    if (size <= MIN_BYTES) return false
    this.#limitBytes = Math.max(MIN_BYTES, Math.min(MAX_BYTES_AFTER_413, Math.ceil(size / 2)))
    return true
  }

  /** Records how many bytes the server has. Returns whether this is a new maximum. */
  acknowledge(bytes: number): boolean {
    if (bytes <= this.#acknowledgedBytes) return false
    this.#acknowledgedBytes = bytes
    return true
  }

  /** Records how many bytes were sent. Returns the maximum so far, because a lost connection sets the count back. */
  sent(bytes: number): number {
    this.#sentBytes = Math.max(this.#sentBytes, bytes)
    return this.#sentBytes
  }
}
