import type { Direction, Faults, FaultyLink } from './faults.ts'
import { type Path, Pipe, type Whole } from './pipe.ts'

/** What the ends of a connection are told. */
export interface LinkEnds {
  /** The connection was lost. */
  readonly onLost: () => void
  /** The connection is over. Called once, after `onLost`. */
  readonly onEnd: () => void
}

/** How a connection travels. */
export interface LinkOptions {
  readonly kind: 'http' | 'socket'
  readonly faults: readonly Faults[]
  readonly latencyMs: number
  /** Called when something arrives. */
  readonly onActivity: () => void
}

/** One connection between a client and a server, with the faults of its groups. */
export class Link implements FaultyLink, Path {
  /** Everything on it vanishes, and neither end is notified. */
  isHalfOpen = false
  /** Ends the connection cleanly from the side of the server, which sets this. */
  onClose: (code: number, reason: string) => void = () => this.end()
  readonly faults: readonly Faults[]
  readonly latencyMs: number
  readonly onActivity: () => void
  readonly #kind: LinkOptions['kind']
  readonly #ends: LinkEnds
  readonly #pipes: Readonly<Record<Direction, Pipe>>
  #hasEnded = false

  constructor({ kind, faults, latencyMs, onActivity }: LinkOptions, ends: LinkEnds) {
    this.faults = faults
    this.latencyMs = latencyMs
    this.onActivity = onActivity
    this.#kind = kind
    this.#ends = ends
    this.#pipes = { upload: new Pipe(this, 'upload'), download: new Pipe(this, 'download') }
    for (const group of faults) group.links.add(this)
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Whether a proxy buffers what the server sends. Proxies do not buffer sockets. */
  get isBuffering(): boolean {
    return this.#kind === 'http' && this.faults.some((group) => group.isBuffered)
  }

  /** Sends bytes, which may arrive in pieces. Resolves when all have arrived, or the connection is over. */
  send(direction: Direction, bytes: Uint8Array, arrive: (piece: Uint8Array) => void): Promise<void> {
    return this.#pipes[direction].send(bytes, arrive)
  }

  /** Sends something that arrives as a whole. */
  pass(direction: Direction, arrive: () => void, whole: Whole = {}): void {
    this.#pipes[direction].pass(arrive, whole)
  }

  /** How many bytes are on the way. */
  bytes(direction: Direction): number {
    return this.#pipes[direction].bytes
  }

  /** Lets everything arrive that no fault holds any more. */
  flow(): void {
    this.#pipes.upload.flow()
    this.#pipes.download.flow()
  }

  /** Drops the connection. Both ends are notified. */
  cut(): void {
    this.#finish(this.#ends.onLost)
  }

  /** Ends the connection without a loss: the client has left, or the response is complete. */
  end(): void {
    this.#finish(() => {})
  }

  #finish(notify: () => void): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    for (const group of this.faults) group.links.delete(this)
    this.#pipes.upload.stop()
    this.#pipes.download.stop()
    notify()
    this.#ends.onEnd()
  }
}
