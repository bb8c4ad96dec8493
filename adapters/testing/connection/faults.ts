/** The direction in which bytes travel, as the client sees it. */
export type Direction = 'upload' | 'download'

/** The rest of a response of {@link Faults.answer}. */
export interface AnswerOptions {
  /** How many requests get this response. Default 1. */
  readonly times?: number | undefined
  /** The `Retry-After` header: a number of seconds, or an HTTP date. Default: none. */
  readonly retryAfter?: number | string | undefined
  /** Further headers of the response. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** The body of the response. Default: an empty text. */
  readonly body?: string | undefined
}

/** What faults do to a connection. */
export interface FaultyLink {
  isHalfOpen: boolean
  /** Drops the connection. Both ends are notified. */
  cut(): void
  /** Ends the connection cleanly from the side of the server. */
  onClose(code: number, reason: string): void
  /** Lets everything arrive that no fault holds any more. */
  flow(): void
  /** Ends the connection without a word. */
  end(): void
}

/** A response that replaces the one of the server. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The faults of a group of connections: those of one route, of one origin, or of the whole network. A method without
 * an argument that turns it off acts once, on the connections that are open now.
 */
export class Faults {
  /** @internal */
  readonly links = new Set<FaultyLink>()
  #isStalled = false
  #isRefusing = false
  #isBuffered = false
  #splitsUtf8 = false
  #duplicates = false
  #bytesPerSecond = Number.POSITIVE_INFINITY
  #cutAfter: { direction: Direction; bytesLeft: number } | undefined
  #answers: Answer[] = []
  /** The direction of the data. */
  protected readonly mainDirection: Direction = 'download'

  /** How many connections are open, half-open ones included. */
  get open(): number {
    return this.links.size
  }

  /** Drops the open connections. The clients see a network error, or the close code 1006. */
  cut(): void {
    for (const link of [...this.links]) link.cut()
  }

  /**
   * Drops a connection as soon as `bytes` more bytes have arrived, of a body or of frames. Acts once.
   *
   * @param bytes Counted over all connections of the group.
   * @param direction Default `'download'`; for an upload server `'upload'`.
   */
  cutAfterBytes(bytes: number, direction: Direction = this.mainDirection): void {
    this.#cutAfter = { direction, bytesLeft: bytes }
  }

  /** Lets everything on the open connections vanish without a trace. Neither end is notified. New ones work. */
  halfOpen(): void {
    for (const link of [...this.links]) link.isHalfOpen = true
  }

  /** Holds everything on the way, on open and on new connections, until `stall(false)`. */
  stall(isOn = true): void {
    this.#isStalled = isOn
    if (!isOn) this.#flow()
  }

  /** Limits the speed of each connection, in both directions, until `slow(false)`. */
  slow(limit: { readonly bytesPerSecond: number } | false): void {
    if (limit !== false && !(limit?.bytesPerSecond > 0)) {
      throw new TypeError(`bytesPerSecond must be a positive number, got ${limit?.bytesPerSecond}`)
    }
    this.#bytesPerSecond = limit === false ? Number.POSITIVE_INFINITY : limit.bytesPerSecond
  }

  /** Splits chunks inside of each character that has several bytes, until `splitUtf8(false)`. */
  splitUtf8(isOn = true): void {
    this.#splitsUtf8 = isOn
  }

  /** Sends each message of a log twice, until `duplicate(false)`. */
  duplicate(isOn = true): void {
    this.#duplicates = isOn
  }

  /**
   * Buffers HTTP responses like a proxy, until `buffered(false)`: nothing arrives before the response has ended or has
   * 4 KiB more.
   */
  buffered(isOn = true): void {
    this.#isBuffered = isOn
    if (!isOn) this.#flow()
  }

  /** Refuses new connections, until `refuse(false)`: no server listens. */
  refuse(isOn = true): void {
    this.#isRefusing = isOn
  }

  /** Responds to the next requests with this status instead of what the server would send. */
  answer(status: number, { times = 1, retryAfter, headers = {}, body = '' }: AnswerOptions = {}): void {
    const all = retryAfter === undefined ? headers : { ...headers, 'retry-after': String(retryAfter) }
    for (let i = 0; i < times; i += 1) this.#answers.push({ status, headers: all, body })
  }

  /** Ends the open connections cleanly: HTTP responses end, sockets close with this code. Default 1000. */
  close(code = 1000, reason = ''): void {
    for (const link of [...this.links]) link.onClose(code, reason)
  }

  /** Ends all faults that last, and releases what is held. Connections that are half-open stay so. */
  restore(): void {
    this.#isStalled = false
    this.#isRefusing = false
    this.#isBuffered = false
    this.#splitsUtf8 = false
    this.#duplicates = false
    this.#bytesPerSecond = Number.POSITIVE_INFINITY
    this.#cutAfter = undefined
    this.#answers = []
    this.#flow()
  }

  /** @internal */
  get isStalled(): boolean {
    return this.#isStalled
  }

  /** @internal */
  get isRefusing(): boolean {
    return this.#isRefusing
  }

  /** @internal */
  get isBuffered(): boolean {
    return this.#isBuffered
  }

  /** @internal */
  get isSplittingUtf8(): boolean {
    return this.#splitsUtf8
  }

  /** @internal */
  get isDuplicating(): boolean {
    return this.#duplicates
  }

  /** @internal */
  get bytesPerSecond(): number {
    return this.#bytesPerSecond
  }

  /** @internal How many bytes may still arrive before the cut. */
  bytesBeforeCut(direction: Direction): number {
    return this.#cutAfter?.direction === direction ? this.#cutAfter.bytesLeft : Number.POSITIVE_INFINITY
  }

  /** @internal Counts bytes that have arrived. Returns whether the connection is cut now. */
  countBytes(direction: Direction, bytes: number): boolean {
    if (this.#cutAfter?.direction !== direction) return false
    this.#cutAfter.bytesLeft -= bytes
    if (this.#cutAfter.bytesLeft > 0) return false
    this.#cutAfter = undefined
    return true
  }

  /** @internal */
  takeAnswer(): Answer | undefined {
    return this.#answers.shift()
  }

  #flow(): void {
    for (const link of [...this.links]) link.flow()
  }
}
