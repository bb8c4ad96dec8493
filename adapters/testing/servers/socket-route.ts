import { Faults } from '../connection/faults.ts'
import type { FakeFrame, FakeServerSocket } from '../connection/server-socket.ts'
import type { Network } from '../network.ts'

/** Options of `socket()` of a fake network. */
export interface FakeSocketOptions {
  /** The subprotocols that the server knows. Default: it takes the first one that is offered. */
  readonly protocols?: readonly string[] | undefined
}

/** The server of the sockets of one path, and its faults. Made by `socket()` of a fake network. */
export class FakeSocketRoute extends Faults {
  /** When the handshakes were sent, in milliseconds since the network was created or installed. */
  readonly attempts: { readonly atMs: number }[] = []
  /** All frames that have arrived, of all sockets. */
  readonly received: FakeFrame[] = []
  readonly #network: Network
  readonly #serve: (socket: FakeServerSocket) => void
  readonly #protocols: readonly string[] | undefined
  readonly #sockets = new Set<FakeServerSocket>()

  /** @internal */
  constructor(network: Network, serve: (socket: FakeServerSocket) => void, options: FakeSocketOptions) {
    super()
    this.#network = network
    this.#serve = serve
    this.#protocols = options.protocols
  }

  /** Sends a frame to all open sockets: text and bytes as they are, another value as JSON. */
  send(message: unknown): void {
    const frame = typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message)
    for (const socket of this.#sockets) socket.send(frame)
  }

  /** @internal */
  get faults(): this {
    return this
  }

  /** @internal */
  noteHandshake(): void {
    this.attempts.push({ atMs: this.#network.atMs() })
  }

  /** @internal */
  chooseProtocol(offered: readonly string[]): string {
    return offered.find((each) => this.#protocols?.includes(each) ?? true) ?? ''
  }

  /** @internal */
  accept(socket: FakeServerSocket): void {
    this.#sockets.add(socket)
    socket.hooks = {
      frame: (frame) => this.received.push(frame),
      close: () => this.#sockets.delete(socket),
    }
    this.#serve(socket)
  }
}
