/** Runs after the current call. `queueMicrotask` may be a fake one. */
export function soon(run: () => void): void {
  Promise.resolve().then(run)
}

type Listener = ((event: Event) => void) | { handleEvent(event: Event): void }

/**
 * An `EventTarget` without the restrictions of the host, whose own may refuse events of another realm. Also calls the
 * `on…` properties.
 */
export class Emitter {
  readonly #listeners = new Map<string, Map<Listener, boolean>>()

  addEventListener(type: string, listener: Listener | null, options?: AddEventListenerOptions | boolean): void {
    if (listener === null) return
    const all = this.#listeners.get(type) ?? new Map<Listener, boolean>()
    this.#listeners.set(type, all)
    const once = typeof options === 'object' && options.once === true
    if (!all.has(listener)) all.set(listener, once)
    if (typeof options === 'object') {
      options.signal?.addEventListener('abort', () => this.removeEventListener(type, listener), { once: true })
    }
  }

  removeEventListener(type: string, listener: Listener | null): void {
    if (listener !== null) this.#listeners.get(type)?.delete(listener)
  }

  dispatchEvent(event: Event): boolean {
    for (const name of ['target', 'currentTarget', 'srcElement']) {
      Object.defineProperty(event, name, { configurable: true, value: this })
    }
    const handler = (this as Record<string, unknown>)[`on${event.type}`]
    if (typeof handler === 'function') this.#call(handler as Listener, event)
    const listeners = this.#listeners.get(event.type)
    for (const [listener, once] of [...(listeners ?? [])]) {
      // [spec] DOM §2.9: a listener that was removed during the dispatch is not called.
      if (listeners?.has(listener) !== true) continue
      if (once) this.removeEventListener(event.type, listener)
      this.#call(listener, event)
    }
    return !event.defaultPrevented
  }

  /** [spec] DOM §2.9: an error of a listener is reported, and does not stop the others. */
  #call(listener: Listener, event: Event): void {
    try {
      if (typeof listener === 'function') listener.call(this, event)
      else listener.handleEvent(event)
    } catch (error) {
      soon(() => {
        throw error
      })
    }
  }
}

/** An event with these fields. The host may have no class for it: Node has no `ProgressEvent`. */
export function eventWith(type: string, fields: Readonly<Record<string, unknown>> = {}): Event {
  const event = new Event(type)
  for (const [name, value] of Object.entries(fields)) Object.defineProperty(event, name, { value })
  return event
}
