// What every server and proxy takes; nothing smaller is tried.
const MIN_BYTES = 256 * 1024
// Where the whole is too much, this is worth a try.
const REFUSED_MAX_BYTES = 8 * 1024 * 1024

/** How a file is cut, and how much of it has been on its way: what the attempts of one subscription learn. */
export class Chunks {
  readonly #file: Blob
  #limitBytes: number
  #sentBytes = 0
  #acknowledgedBytes = -1

  constructor(file: Blob, limitBytes: number = Number.POSITIVE_INFINITY) {
    this.#file = file
    // Less than a byte would never get anywhere.
    this.#limitBytes = Math.ceil(limitBytes)
  }

  from(offset: number): Blob {
    return this.#file.slice(offset, Math.min(offset + this.#limitBytes, this.#file.size))
  }

  /** Cuts smaller, after a piece was too large. Returns whether there is a point in that. */
  shrink({ size }: Blob): boolean {
    if (size <= MIN_BYTES) return false
    this.#limitBytes = Math.max(MIN_BYTES, Math.min(REFUSED_MAX_BYTES, Math.ceil(size / 2)))
    return true
  }

  /** Takes note of what the server has. Returns whether it is more than ever. */
  acknowledge(bytes: number): boolean {
    if (bytes <= this.#acknowledgedBytes) return false
    this.#acknowledgedBytes = bytes
    return true
  }

  /** How much has been on its way, which never goes back: after a cut, some of it is sent again. */
  sent(bytes: number): number {
    this.#sentBytes = Math.max(this.#sentBytes, bytes)
    return this.#sentBytes
  }
}
