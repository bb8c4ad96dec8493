import type { WireMessage } from 'rxwire'
import { isSame, type Position } from './protocol.ts'

// An object that has no JSON counts as much.
const UNKNOWN_BYTES = 1_024

/** Bounds of a {@link History}. */
export interface HistoryBounds {
  readonly messages: number
  readonly bytes: number
}

interface Entry<T> {
  readonly message: WireMessage<T>
  readonly position: Position
  readonly bytes: number
}

/** The last messages that a tab has delivered, for tabs that are behind. */
export class History<T> {
  readonly #bounds: HistoryBounds
  /** From `#first` on. Removing from the front would move all others each time. */
  #entries: Entry<T>[] = []
  #first = 0
  #bytes = 0
  /** The position before the first message, and the resume point there; `undefined` if it is not known. */
  #before: { readonly position: Position; readonly id: string | undefined }
  /** Another name of the last position: the next leader starts counting there in its own term. */
  #alias: { readonly position: Position; readonly count: number } | undefined
  /** How many messages were added. */
  #count = 0

  constructor(bounds: HistoryBounds, position: Position, id: string | undefined) {
    this.#bounds = bounds
    this.#before = { position, id }
  }

  get length(): number {
    return this.#entries.length - this.#first
  }

  push(message: WireMessage<T>, position: Position): void {
    const bytes = sizeOf(message.data)
    this.#entries.push({ message, position, bytes })
    this.#count += 1
    this.#bytes += bytes
    while (this.length > this.#bounds.messages || (this.#bytes > this.#bounds.bytes && this.length > 0)) this.#drop()
  }

  /** Forgets all messages: those before and after this position are not consecutive. */
  restart(position: Position, id: string | undefined): void {
    this.#entries = []
    this.#first = 0
    this.#bytes = 0
    this.#alias = undefined
    this.#before = { position, id }
  }

  /** Adds a name to the last position. */
  rename(position: Position): void {
    this.#alias = { position, count: this.#count }
  }

  /** Returns the messages after a position, or else after a resume point; `undefined` if it has neither. */
  after(at: Position | undefined, id: string): WireMessage<T>[] | undefined {
    const start = (at && this.#indexOf(at)) ?? this.#indexOfId(id)
    return start === undefined ? undefined : this.#entries.slice(start).map(({ message }) => message)
  }

  #indexOf(at: Position): number | undefined {
    if (isSame(at, this.#before.position)) return this.#first
    const alias = this.#alias
    if (alias !== undefined && isSame(at, alias.position)) {
      const index = this.#entries.length - (this.#count - alias.count)
      return index >= this.#first ? index : undefined
    }
    return found(this.#entries.findLastIndex(({ position }, index) => index >= this.#first && isSame(at, position)))
  }

  #indexOfId(id: string): number | undefined {
    const isIt = ({ message }: Entry<T>, index: number) => index >= this.#first && message.id === id
    return found(this.#entries.findLastIndex(isIt)) ?? (this.#before.id === id ? this.#first : undefined)
  }

  #drop(): void {
    const oldest = this.#entries[this.#first]
    if (oldest === undefined) return
    this.#before = { position: oldest.position, id: oldest.message.id }
    this.#bytes -= oldest.bytes
    this.#first += 1
    if (2 * this.#first < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#first)
    this.#first = 0
  }
}

/** The index after the one that was found. */
function found(index: number): number | undefined {
  return index < 0 ? undefined : index + 1
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return 2 * data.length
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return data.byteLength
  try {
    return 2 * (JSON.stringify(data)?.length ?? 0)
  } catch {
    return UNKNOWN_BYTES
  }
}
