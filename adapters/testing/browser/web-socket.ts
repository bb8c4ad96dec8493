import type { Implementations } from 'rxwire'
import type { Link } from '../connection/link.ts'
import {
  type FakeFrame,
  FakeServerSocket,
  type SocketClient,
  type SocketRoute,
  sizeOf,
} from '../connection/server-socket.ts'
import type { Client } from '../network.ts'
import { isArrayBuffer, isBlob, readBlob } from './body.ts'
import { Emitter, eventWith, soon } from './emitter.ts'

// [spec] RFC 6455 §7.4.1: no status was sent, and the connection was lost.
const NO_STATUS = 1005
const LOST = 1006

/** Returns a `WebSocket` over the fake network. */
export function fakeWebSocket(tab: Client): NonNullable<Implementations['WebSocket']> {
  return class extends FakeWebSocket {
    constructor(url: string | URL, protocols: string | readonly string[] = []) {
      super(tab, url, typeof protocols === 'string' ? [protocols] : protocols)
    }
  } as unknown as NonNullable<Implementations['WebSocket']>
}

class FakeWebSocket extends Emitter implements SocketClient {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSING = 2
  readonly CLOSED = 3

  readonly url: string
  readonly extensions = ''
  protocol = ''
  readyState = 0
  binaryType: BinaryType = 'blob'
  readonly #tab: Client
  readonly #link: Link | undefined
  #server: FakeServerSocket | undefined
  /** Blobs are read before later frames are sent. */
  #sending: Promise<unknown> | undefined
  #unreadBytes = 0

  constructor(tab: Client, address: string | URL, protocols: readonly string[]) {
    super()
    this.#tab = tab
    const url = socketUrl(tab.network.resolve(String(address)))
    this.url = url.href
    const route = tab.network.socketRoute(url)
    route.noteHandshake(url, protocols)
    this.#link = tab.connect('socket', url, route.faults, {
      onLost: () => this.#lose(),
      onEnd: () => {},
    })
    if (this.#link === undefined) soon(() => this.#lose())
    else {
      const link = this.#link
      // The handlers of the caller are set after the constructor has returned.
      soon(() => this.#shakeHands(link, url, protocols, route))
    }
  }

  get bufferedAmount(): number {
    return this.#unreadBytes + (this.#link?.bytes('upload') ?? 0)
  }

  send(data: unknown): void {
    if (this.readyState === 0) throw new DOMException('The socket is still connecting.', 'InvalidStateError')
    if (this.readyState !== 1) return
    if (!isBlob(data) && this.#sending === undefined) {
      this.#write(frameOf(data))
      return
    }
    const size = isBlob(data) ? data.size : sizeOf(frameOf(data))
    this.#unreadBytes += size
    const sending = this.#tab.network.busy(
      Promise.all([isBlob(data) ? readBlob(data) : frameOf(data), this.#sending]).then(([frame]) => {
        this.#unreadBytes -= size
        this.#write(frame)
        if (this.#sending === sending) this.#sending = undefined
      }),
    )
    this.#sending = sending
  }

  close(code = NO_STATUS, reason = ''): void {
    if (code !== NO_STATUS && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException(`The close code ${code} is not allowed.`, 'InvalidAccessError')
    }
    if (this.readyState >= 2) return
    if (this.readyState === 0) {
      this.#link?.end()
      soon(() => this.#lose())
    } else {
      // The server confirms the close frame with its own.
      this.#link?.pass('upload', () => {
        this.#server?.end(code, reason)
        this.#link?.pass('download', () => this.end(code, reason, true))
      })
    }
    this.readyState = 2
    // The client has left, even if the path holds or drops its close frame.
    if (this.#link !== undefined) this.#tab.forget(this.#link)
  }

  /** @internal */
  receive(frame: FakeFrame): void {
    if (this.readyState !== 1) return
    this.dispatchEvent(eventWith('message', { data: this.#dataOf(frame), origin: new URL(this.url).origin }))
  }

  /** @internal */
  end(code: number, reason: string, wasClean: boolean): void {
    if (this.readyState === 3) return
    const wasOpen = this.readyState === 1
    this.readyState = 3
    this.#link?.end()
    if (wasOpen) this.#server?.end(code, reason)
    this.dispatchEvent(eventWith('close', { code, reason, wasClean }))
  }

  #shakeHands(link: Link, url: URL, protocols: readonly string[], route: SocketRoute): void {
    link.pass('upload', () => {
      const isRefused = route.faults.takeAnswer() !== undefined || route.accept === undefined
      if (isRefused) {
        link.pass('download', () => link.cut())
        return
      }
      const protocol = route.chooseProtocol(protocols)
      const server = new FakeServerSocket(url, protocol, link, this)
      this.#server = server
      link.onClose = (code, reason) => server.close(code, reason)
      link.pass('download', () => {
        this.protocol = protocol
        this.readyState = 1
        this.dispatchEvent(eventWith('open'))
      })
      route.accept?.(server)
    })
  }

  #write(frame: FakeFrame): void {
    this.#link?.pass('upload', () => this.#server?.arrive(frame), { size: sizeOf(frame) })
  }

  #dataOf(frame: FakeFrame): unknown {
    if (typeof frame === 'string') return frame
    const bytes = frame.slice() as Uint8Array<ArrayBuffer>
    return this.binaryType === 'blob' ? new Blob([bytes]) : bytes.buffer
  }

  #lose(): void {
    if (this.readyState === 3) return
    this.dispatchEvent(eventWith('error'))
    this.end(LOST, '', false)
  }
}

function frameOf(data: unknown): FakeFrame {
  if (isArrayBuffer(data)) return new Uint8Array(data.slice(0))
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
  return String(data)
}

/** [spec] WebSockets §3.1: `http:` becomes `ws:`. */
function socketUrl(url: URL): URL {
  if (url.protocol.startsWith('http')) url.protocol = url.protocol.replace('http', 'ws')
  return url
}
