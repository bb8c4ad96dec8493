import type { Direction, Faults } from './faults.ts'

// The size of a page of memory, the default buffer of nginx.
const PROXY_BUFFER_BYTES = 4_096
// A limited connection delivers ten pieces a second, so that progress is visible.
const PIECES_PER_SECOND = 10

/** The connection that a pipe belongs to. */
export interface Path {
  readonly faults: readonly Faults[]
  readonly latencyMs: number
  readonly hasEnded: boolean
  readonly isHalfOpen: boolean
  /** Whether a proxy buffers what the server sends. */
  readonly isBuffering: boolean
  /** Called when something arrives. */
  onActivity(): void
  cut(): void
}

interface Parcel {
  /** The bytes that have not arrived yet; `undefined` for something that arrives as a whole. */
  bytes: Uint8Array | undefined
  /** How many bytes it counts as while it is on the way. */
  size: number
  readonly dueMs: number
  readonly isEnd: boolean
  readonly arrive: (piece: Uint8Array) => void
  readonly done: () => void
}

/** Something that arrives as a whole: a head, a frame, or an end. */
export interface Whole {
  /** How many bytes it counts as. Default 0. */
  readonly size?: number
  /** Whether it is the end of a response, which flushes buffers. */
  readonly isEnd?: boolean
}

const NO_BYTES = new Uint8Array()

/** One direction of a connection: what is sent arrives in order, unless a fault holds, slows, splits or drops it. */
export class Pipe {
  readonly #link: Path
  readonly #direction: Direction
  #parcels: Parcel[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #isDelivering = false
  /** Whether a proxy that buffers is writing its buffer. */
  #isFlushing = false
  /** How many bytes may arrive now under a speed limit. */
  #credit = 0
  #bytes = 0

  constructor(link: Path, direction: Direction) {
    this.#link = link
    this.#direction = direction
  }

  /** How many bytes are on the way. */
  get bytes(): number {
    return this.#bytes
  }

  /** Sends bytes, which may arrive in pieces. Resolves when all have arrived, or the connection is over. */
  send(bytes: Uint8Array, arrive: (piece: Uint8Array) => void): Promise<void> {
    return new Promise((done) => this.#push({ bytes, size: bytes.length, isEnd: false, arrive, done }))
  }

  pass(arrive: () => void, { size = 0, isEnd = false }: Whole): void {
    this.#push({ bytes: undefined, size, isEnd, arrive, done: () => {} })
  }

  /** Delivers what no fault holds. */
  flow(): void {
    if (this.#isDelivering || this.#timer !== undefined) return
    this.#isDelivering = true
    try {
      while (this.#deliverNext());
    } finally {
      this.#isDelivering = false
    }
  }

  /** Forgets what is on the way. Senders continue, and notice that the connection is over. */
  stop(): void {
    clearTimeout(this.#timer)
    const parcels = this.#parcels
    this.#parcels = []
    for (const { done } of parcels) done()
  }

  #push(parcel: Omit<Parcel, 'dueMs'>): void {
    if (this.#link.hasEnded) {
      parcel.done()
      return
    }
    this.#bytes += parcel.size
    this.#parcels.push({ ...parcel, dueMs: Date.now() + this.#link.latencyMs })
    this.flow()
  }

  /** Returns whether the next parcel may follow. */
  #deliverNext(): boolean {
    const parcel = this.#parcels[0]
    if (parcel === undefined) {
      this.#isFlushing = false
      return false
    }
    if (this.#link.hasEnded || this.#link.isHalfOpen) return false
    if (this.#isHeld() || this.#isEarly(parcel)) return false
    const piece = this.#nextPiece(parcel)
    if (piece > this.#bytesBeforeCut()) {
      this.#link.cut()
      return false
    }
    if (this.#isTooFast(piece)) return false
    this.#deliver(parcel, piece)
    return true
  }

  /** How many bytes of the parcel arrive next. */
  #nextPiece({ bytes, size }: Parcel): number {
    if (bytes === undefined) return size
    const { faults } = this.#link
    const perPiece = Math.max(1, Math.floor(this.#bytesPerSecond() / PIECES_PER_SECOND))
    const limit = Math.min(size, this.#bytesBeforeCut(), perPiece)
    return faults.some((group) => group.isSplittingUtf8) ? beforeContinuation(bytes, limit) : limit
  }

  #deliver(parcel: Parcel, piece: number): void {
    const { bytes } = parcel
    parcel.size -= piece
    this.#bytes -= piece
    if (bytes !== undefined) parcel.bytes = bytes.subarray(piece)
    if (parcel.size === 0) this.#parcels.shift()
    this.#link.onActivity()
    parcel.arrive(bytes?.subarray(0, piece) ?? NO_BYTES)
    if (parcel.size === 0) parcel.done()
    for (const group of this.#link.faults) {
      if (group.countBytes(this.#direction, piece)) this.#link.cut()
    }
  }

  #isHeld(): boolean {
    const { faults, isBuffering } = this.#link
    if (faults.some((group) => group.isStalled)) return true
    if (this.#direction === 'upload' || !isBuffering) return false
    this.#isFlushing ||= this.#bytes >= PROXY_BUFFER_BYTES || this.#parcels.some(({ isEnd }) => isEnd)
    return !this.#isFlushing
  }

  #isEarly({ dueMs }: Parcel): boolean {
    // Not longer than the latency, even if the clock was set back.
    const leftMs = Math.min(dueMs - Date.now(), this.#link.latencyMs)
    if (leftMs <= 0) return false
    this.#continueAfter(leftMs)
    return true
  }

  #isTooFast(piece: number): boolean {
    const bytesPerSecond = this.#bytesPerSecond()
    if (piece === 0 || bytesPerSecond === Number.POSITIVE_INFINITY) return false
    if (this.#credit >= piece) {
      this.#credit = 0
      return false
    }
    this.#credit = piece
    this.#continueAfter((piece / bytesPerSecond) * 1_000)
    return true
  }

  #continueAfter(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.flow()
    }, ms)
  }

  #bytesPerSecond(): number {
    return Math.min(...this.#link.faults.map((group) => group.bytesPerSecond))
  }

  #bytesBeforeCut(): number {
    return Math.min(...this.#link.faults.map((group) => group.bytesBeforeCut(this.#direction)))
  }
}

/** The length of a piece that ends inside of the first character with several bytes, at most `limit`. */
function beforeContinuation(bytes: Uint8Array, limit: number): number {
  // [spec] RFC 3629 §3: every byte of a character but the first is 10xxxxxx.
  const at = bytes.findIndex((byte, index) => index > 0 && (byte & 0xc0) === 0x80)
  return at === -1 ? limit : Math.min(at, limit)
}
