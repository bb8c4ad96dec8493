/** Turns of the real event loop. Fake timers leave message channels alone. */
export class Turns {
  readonly #channel: MessageChannel
  #resolve = () => {}

  constructor() {
    const Channel = messageChannel()
    if (Channel === undefined) throw new Error('The fake network needs the class MessageChannel.')
    this.#channel = new Channel()
    this.#channel.port1.onmessage = () => this.#resolve()
  }

  /** Resolves in the next turn, after all pending promises. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#resolve = resolve
      this.#channel.port2.postMessage(undefined)
    })
  }

  stop(): void {
    this.#channel.port1.close()
  }
}

declare const process: { getBuiltinModule?(name: string): { readonly MessageChannel: typeof MessageChannel } }

/** The jsdom environments of Jest hide the class, but not the module that it comes from. */
function messageChannel(): typeof MessageChannel | undefined {
  if (typeof MessageChannel === 'function') return MessageChannel
  return typeof process === 'object' ? process.getBuiltinModule?.('node:worker_threads').MessageChannel : undefined
}
