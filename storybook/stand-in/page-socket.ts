import type { WebSocketLike } from 'rxwire'
import type { PageLink } from './page-link.ts'

/** [spec] The codes of an end that gives none, and of one without a goodbye. */
const NO_STATUS = 1005
const LOST = 1006

/** What the other end hears. */
interface RouteListeners {
  message: (data: string, isBinary: boolean) => void
  close: (code: number, reason: string) => void
}

/** A `WebSocket` whose other end is held by a route in the same page. */
export class PageSocket implements WebSocketLike {
  readonly OPEN = WebSocket.OPEN
  readonly url: string
  readonly protocol = ''
  readonly bufferedAmount = 0
  readyState: number = WebSocket.CONNECTING
  binaryType: BinaryType = 'blob'
  onopen: ((event: Event) => void) | null = null
  onmessage: ((event: MessageEvent) => void) | null = null
  onerror: ((event: Event) => void) | null = null
  onclose: ((event: CloseEvent) => void) | null = null
  readonly #listeners: { readonly [Name in keyof RouteListeners]: RouteListeners[Name][] } = { message: [], close: [] }
  #link: PageLink | undefined

  constructor(url: string) {
    this.url = url
  }

  /** The handshake, unless nobody gets in. */
  open(connect: (onCut: () => void) => PageLink | undefined, onOpen: () => void): void {
    if (this.readyState !== WebSocket.CONNECTING) return
    this.#link = connect(() => this.#lose())
    if (this.#link === undefined) this.#lose()
    this.#link?.pass(() => {
      this.readyState = WebSocket.OPEN
      this.onopen?.(new Event('open'))
      onOpen()
    })
  }

  /** The other end, as the package `ws` would hand it to the route. */
  otherEnd() {
    return {
      on: <Name extends keyof RouteListeners>(name: Name, listener: RouteListeners[Name]) =>
        this.#listeners[name].push(listener),
      send: (data: string) => this.#link?.pass(() => this.onmessage?.(new MessageEvent('message', { data }))),
      close: (code?: number, reason?: string) => this.close(code, reason),
      terminate: () => this.#link?.cut(),
    }
  }

  send(data: string | BufferSource | Blob): void {
    this.#link?.pass(() => {
      for (const listener of this.#listeners.message) listener(String(data), false)
    })
  }

  close(code = NO_STATUS, reason = ''): void {
    if (this.#link === undefined) this.#end(LOST, '', false)
    else this.#link.pass(() => this.#end(code, reason, true))
  }

  #lose(): void {
    this.onerror?.(new Event('error'))
    this.#end(LOST, '', false)
  }

  #end(code: number, reason: string, wasClean: boolean): void {
    if (this.readyState === WebSocket.CLOSED) return
    this.readyState = WebSocket.CLOSED
    this.#link?.end()
    for (const listener of this.#listeners.close) listener(code, reason)
    this.onclose?.(new CloseEvent('close', { code, reason, wasClean }))
  }
}
