import { type PlainEvent, WireError, type WireMessage } from 'rxwire'
import type { TabPlatform } from './platform.ts'

// A channel has no backpressure: under load, fewer and larger frames take less time of each tab.
const PACE_MS = 50

/** Collects the events of the leader. The first one is posted at once, and those that follow soon in one frame. */
export class Broadcast<T> {
  readonly #platform: TabPlatform
  readonly #post: (events: readonly PlainEvent<T>[]) => void
  readonly #onError: (error: WireError) => void
  #events: PlainEvent<T>[] = []
  #postedAtMs = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined

  /** @param onError Receives an error of kind `decode` if a message cannot be cloned. */
  constructor(
    platform: TabPlatform,
    post: (events: readonly PlainEvent<T>[]) => void,
    onError: (error: WireError) => void,
  ) {
    this.#platform = platform
    this.#post = post
    this.#onError = onError
  }

  add(event: PlainEvent<T>): void {
    this.#events.push(event)
    if (event.type !== 'message' || this.#platform.now() - this.#postedAtMs >= PACE_MS) this.flush()
    else this.#cancel ??= this.#platform.after(PACE_MS, () => this.flush())
  }

  flush(): void {
    const events = this.#events
    this.stop()
    if (events.length === 0) return
    this.#postedAtMs = this.#platform.now()
    try {
      this.#post(events)
    } catch (cause) {
      this.#onError(notCloned(events, cause))
    }
  }

  /** Drops the events that wait. */
  stop(): void {
    this.#events = []
    this.#cancel?.()
    this.#cancel = undefined
  }
}

/** Returns an error that names the first message that cannot be cloned. */
function notCloned<T>(events: readonly PlainEvent<T>[], cause: unknown): WireError {
  // Other events are plain data.
  const { id, name = 'message' } = events.find((event) => !isCloneable(event)) as WireMessage<T>
  const message = `The message "${name}" (id "${id}") cannot be cloned for other tabs. Decode to plain data.`
  return new WireError('decode', message, { cause, messageId: id })
}

function isCloneable<T>(event: PlainEvent<T>): boolean {
  try {
    structuredClone(event)
    return true
  } catch {
    return false
  }
}
