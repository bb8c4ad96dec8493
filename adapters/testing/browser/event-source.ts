import { type Implementations, sse, type TextStreamDecoder } from 'rxwire'
import type { ServerResponse } from '../connection/http.ts'
import type { Client } from '../network.ts'
import { Emitter, eventWith } from './emitter.ts'
import { sendRequest } from './exchange.ts'

const RECONNECT_MS = 3_000

/** Returns an `EventSource` over the fake network. */
export function fakeEventSource(tab: Client): NonNullable<Implementations['EventSource']> {
  return class extends FakeEventSource {
    constructor(url: string | URL, init?: EventSourceInit) {
      super(tab, url, init)
    }
  } as unknown as NonNullable<Implementations['EventSource']>
}

/** [spec] HTML §9.2: it reconnects by itself after a lost connection, at a fixed interval. */
class FakeEventSource extends Emitter {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSED = 2

  readonly url: string
  readonly withCredentials: boolean
  readyState = 0
  readonly #tab: Client
  #lastEventId = ''
  #reconnectMs = RECONNECT_MS
  #leave = () => {}
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(tab: Client, url: string | URL, init: EventSourceInit = {}) {
    super()
    this.#tab = tab
    this.url = tab.network.resolve(String(url)).href
    this.withCredentials = init.withCredentials ?? false
    this.#connect()
  }

  close(): void {
    this.readyState = 2
    clearTimeout(this.#timer)
    this.#leave()
  }

  #connect(): void {
    const parser = (sse() as TextStreamDecoder<unknown>).start((event, id, name) => this.#dispatch(event, id, name), {
      moveCursor: (id) => {
        this.#lastEventId = id
      },
      // The format has no gap. An event of this name is an event.
      gap: () => {},
      retryAfter: (ms) => {
        this.#reconnectMs = ms
      },
    })
    const decoder = new TextDecoder()
    const headers = new Headers({ accept: 'text/event-stream', 'cache-control': 'no-cache' })
    if (this.#lastEventId !== '') headers.set('last-event-id', this.#lastEventId)
    const request = {
      method: 'GET',
      url: new URL(this.url),
      headers,
      body: new Uint8Array(),
      redirect: 'follow',
    } as const
    this.#leave = sendRequest(this.#tab, request, {
      sent: () => {},
      head: (head) => this.#open(head),
      data: (bytes) => parser.push(decoder.decode(bytes, { stream: true })),
      end: () => this.#reconnect(),
      lost: () => this.#reconnect(),
    })
  }

  #dispatch(event: unknown, id: string | undefined, name = 'message'): void {
    if (id !== undefined) this.#lastEventId = id
    if (this.readyState === 2) return
    const { data } = event as { readonly data: string }
    const { origin } = new URL(this.url)
    this.dispatchEvent(eventWith(name, { data, lastEventId: this.#lastEventId, origin }))
  }

  #open({ status, headers }: ServerResponse): void {
    if (status === 200 && headers.get('content-type')?.startsWith('text/event-stream')) {
      this.readyState = 1
      this.dispatchEvent(eventWith('open'))
    } else {
      this.close()
      this.dispatchEvent(eventWith('error'))
    }
  }

  #reconnect(): void {
    if (this.readyState === 2) return
    this.readyState = 0
    this.#timer = setTimeout(() => this.#connect(), this.#reconnectMs)
    this.dispatchEvent(eventWith('error'))
  }
}
