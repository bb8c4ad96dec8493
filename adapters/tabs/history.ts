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
  readonly #entries: Entry<T>[] = []
  #bytes = 0
  /** The position before the first message, and the resume point there; `undefined` if it is not known. */
  #before: { readonly position: Position; readonly id: string | undefined }
  /** Another name of the position of a message: the next leader starts there, in its own term. */
  #alias: { readonly position: Position; readonly entry: Entry<T> } | undefined

  constructor(bounds: HistoryBounds, position: Position, id: string | undefined) {
    this.#bounds = bounds
    this.#before = { position, id }
  }

  push(message: WireMessage<T>, position: Position): void {
    const bytes = sizeOf(message.data)
    this.#entries.push({ message, position, bytes })
    this.#bytes += bytes
    while (this.#entries.length > this.#bounds.messages || this.#bytes > this.#bounds.bytes) {
      const oldest = this.#entries.shift()
      if (oldest === undefined) break
      this.#before = { position: oldest.position, id: oldest.message.id }
      this.#bytes -= oldest.bytes
    }
  }

  /** Forgets all messages: those before and after this position are not consecutive. */
  restart(position: Position, id?: string): void {
    this.#entries.length = 0
    this.#bytes = 0
    this.#before = { position, id }
  }

  /** Adds a name to the last position. */
  rename(position: Position): void {
    const entry = this.#entries.at(-1)
    if (entry === undefined) this.#before = { ...this.#before, position }
    else this.#alias = { position, entry }
  }

  /** Returns the messages after a position, or else after a resume point; `undefined` if it has neither. */
  after(at: Position | undefined, id: string): WireMessage<T>[] | undefined {
    const start = (at && this.#startAt(at)) ?? this.#startAfter(id)
    return start === undefined ? undefined : this.#entries.slice(start).map(({ message }) => message)
  }

  #startAt(at: Position): number | undefined {
    const alias = this.#alias
    if (isSame(at, this.#before.position)) return 0
    const isIt = (entry: Entry<T>) =>
      isSame(at, entry.position) || (alias?.entry === entry && isSame(at, alias.position))
    return next(this.#entries.findLastIndex(isIt))
  }

  #startAfter(id: string): number | undefined {
    return (
      next(this.#entries.findLastIndex(({ message }) => message.id === id)) ?? (this.#before.id === id ? 0 : undefined)
    )
  }
}

/** The index after the one that was found. */
function next(index: number): number | undefined {
  return index < 0 ? undefined : index + 1
}

function sizeOf(data: unknown): number {
  if (typeof data === 'string') return 2 * data.length
  const { byteLength } = Object(data)
  if (byteLength >= 0) return byteLength
  try {
    return 2 * JSON.stringify(data).length
  } catch {
    return UNKNOWN_BYTES
  }
}
