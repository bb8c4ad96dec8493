/** The part of Node's `EventEmitter` that the routes use with `once`. */
interface Emitter {
  on(name: string, listener: () => void): unknown
}

/** Replaces `once` of Node's `events`, which a page does not have. */
export function once(emitter: Emitter, name: string, { signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    emitter.on(name, resolve)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
