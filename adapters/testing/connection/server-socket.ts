import { encode } from './bytes.ts'
import type { Faults } from './faults.ts'
import type { Link } from './link.ts'

/** A frame: a text, or binary data. */
export type FakeFrame = string | Uint8Array

/** The server's end of a socket. */
export class FakeServerSocket {
  /** The URL of the handshake. */
  readonly url: URL
  /** The subprotocol that was chosen; an empty text for none. */
  readonly protocol: string
  /** Called for each frame that arrives. */
  onMessage: (frame: FakeFrame) => void = () => {}
  /** Called once, when the socket is closed or lost (1006). */
  onClose: (code: number, reason: string) => void = () => {}
  /** @internal What the route does, before the handlers above. */
  hooks: { readonly frame: (frame: FakeFrame) => void; readonly close: () => void } | undefined
  readonly #link: Link
  readonly #client: SocketClient

  /** @internal */
  constructor(url: URL, protocol: string, link: Link, client: SocketClient) {
    this.url = url
    this.protocol = protocol
    this.#link = link
    this.#client = client
  }

  /** @internal */
  arrive(frame: FakeFrame): void {
    this.hooks?.frame(frame)
    this.onMessage(frame)
  }

  /** @internal */
  end(code: number, reason: string): void {
    this.hooks?.close()
    this.hooks = undefined
    this.onClose(code, reason)
    this.onClose = () => {}
  }

  send(frame: FakeFrame): void {
    this.#link.pass('download', () => this.#client.receive(frame), { size: sizeOf(frame) })
  }

  close(code = 1000, reason = ''): void {
    this.#link.pass('download', () => this.#client.end(code, reason, true))
  }

  /** Drops the connection without a close frame. */
  terminate(): void {
    this.#link.cut()
  }
}

/** The client of a socket. */
export interface SocketClient {
  receive(frame: FakeFrame): void
  end(code: number, reason: string, wasClean: boolean): void
}

/** What serves the sockets of a path. */
export interface SocketRoute {
  readonly faults: Faults
  noteHandshake(url: URL, protocols: readonly string[]): void
  /** Returns one of the offered subprotocols, or an empty text. */
  chooseProtocol(offered: readonly string[]): string
  /** Without it, handshakes are refused. */
  readonly accept?: (socket: FakeServerSocket) => void
}

/** What a frame counts as, in bytes. */
export function sizeOf(frame: FakeFrame): number {
  return typeof frame === 'string' ? encode(frame).length : frame.length
}
