/** What the routes use of Node's `events`, for the responses of a page. */
interface Emitter {
  on(name: string, listener: () => void): unknown
}

export function once(emitter: Emitter, name: string, { signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    emitter.on(name, resolve)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
