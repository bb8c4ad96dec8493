import type { XhrConstructor } from 'rxwire'
import { concat } from '../connection/bytes.ts'
import type { HttpRequest, ServerResponse } from '../connection/http.ts'
import type { Client } from '../network.ts'
import { readBody } from './body.ts'
import { Emitter, eventWith } from './emitter.ts'
import { sendRequest } from './exchange.ts'
import { normalized } from './fetch.ts'

/** Returns an `XMLHttpRequest` over the fake network. Requests are asynchronous. */
export function fakeXhr(tab: Client): XhrConstructor {
  return class extends FakeXhr {
    constructor() {
      super(tab)
    }
  } as unknown as XhrConstructor
}

/** [spec] XHR §3: a request with its states, and the events of its response and its upload. */
class FakeXhr extends Emitter {
  static readonly UNSENT = 0
  static readonly OPENED = 1
  static readonly HEADERS_RECEIVED = 2
  static readonly LOADING = 3
  static readonly DONE = 4
  readonly UNSENT = 0
  readonly OPENED = 1
  readonly HEADERS_RECEIVED = 2
  readonly LOADING = 3
  readonly DONE = 4

  readonly upload = new Emitter()
  readyState = 0
  status = 0
  readonly statusText = ''
  responseURL = ''
  responseType: XMLHttpRequestResponseType = ''
  withCredentials = false
  timeout = 0
  readonly #tab: Client
  #method = 'GET'
  #url = new URL('http://localhost/')
  #sentHeaders = new Headers()
  #headers: Headers | undefined
  #pieces: Uint8Array[] = []
  #decoder = new TextDecoder()
  #text = ''
  #leave: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(tab: Client) {
    super()
    this.#tab = tab
  }

  open(method: string, url: string | URL, isAsync = true): void {
    if (!isAsync) throw new DOMException('The fake network has no synchronous requests.', 'InvalidAccessError')
    this.#release()
    this.#method = normalized(method)
    this.#url = this.#tab.network.resolve(String(url))
    this.#sentHeaders = new Headers()
    this.#reset()
    this.#change(1)
  }

  setRequestHeader(name: string, value: string): void {
    if (this.readyState !== 1) throw new DOMException('The request is not open.', 'InvalidStateError')
    this.#sentHeaders.append(name, value)
  }

  overrideMimeType(): void {}

  send(body: unknown = null): void {
    if (this.readyState !== 1 || this.#leave !== undefined) {
      throw new DOMException('The request is not open, or was sent before.', 'InvalidStateError')
    }
    let hasLeft = false
    this.#leave = () => {
      hasLeft = true
    }
    this.dispatchEvent(eventWith('loadstart', progressOf(0, 0)))
    if (this.timeout > 0) this.#timer = setTimeout(() => this.#fail('timeout'), this.timeout)
    const start = ({ bytes, type }: Awaited<ReturnType<typeof readBody>>) => {
      if (hasLeft) return
      if (type !== undefined && !this.#sentHeaders.has('content-type')) this.#sentHeaders.set('content-type', type)
      if (bytes.length > 0) this.upload.dispatchEvent(eventWith('loadstart', progressOf(0, bytes.length)))
      this.#start({ method: this.#method, url: this.#url, headers: this.#sentHeaders, body: bytes, redirect: 'follow' })
    }
    const read = readBody(body)
    if (read instanceof Promise) this.#tab.network.busy(read).then(start, () => this.#fail('error'))
    else start(read)
  }

  abort(): void {
    if (this.#leave !== undefined && this.readyState !== 4) this.#fail('abort')
    this.#release()
    this.readyState = 0
  }

  getResponseHeader(name: string): string | null {
    return this.#headers?.get(name) ?? null
  }

  getAllResponseHeaders(): string {
    return [...(this.#headers?.entries() ?? [])].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  }

  get responseText(): string {
    return this.#text
  }

  get response(): unknown {
    if (this.responseType === '' || this.responseType === 'text') return this.#text
    if (this.readyState !== 4 || this.status === 0) return null
    const bytes = concat(this.#pieces)
    if (this.responseType === 'arraybuffer') return bytes.buffer
    if (this.responseType === 'blob') return new Blob([bytes], { type: this.getResponseHeader('content-type') ?? '' })
    try {
      return JSON.parse(new TextDecoder().decode(bytes))
    } catch {
      return null
    }
  }

  #start(request: HttpRequest): void {
    const total = request.body.length
    let isSent = total === 0
    this.#leave = sendRequest(this.#tab, request, {
      sent: (loaded) => {
        this.upload.dispatchEvent(eventWith('progress', progressOf(loaded, total)))
        if (loaded < total) return
        isSent = true
        this.upload.dispatchEvent(eventWith('load', progressOf(loaded, total)))
        this.upload.dispatchEvent(eventWith('loadend', progressOf(loaded, total)))
      },
      head: (response, url) => this.#receiveHead(response, url),
      data: (bytes) => this.#receive(bytes),
      end: () => this.#finish(),
      lost: () => {
        if (!isSent) this.upload.dispatchEvent(eventWith('error', progressOf(0, 0)))
        this.#fail('error')
      },
    })
  }

  #receiveHead({ status, headers }: ServerResponse, url: URL): void {
    this.status = status
    this.responseURL = url.href
    this.#headers = headers
    this.#change(2)
  }

  #receive(bytes: Uint8Array): void {
    this.#pieces.push(bytes)
    this.#text += this.#decoder.decode(bytes, { stream: true })
    this.#change(3)
    this.dispatchEvent(eventWith('progress', this.#progress()))
  }

  #finish(): void {
    clearTimeout(this.#timer)
    this.#leave = undefined
    this.#text += this.#decoder.decode()
    this.#change(4)
    this.dispatchEvent(eventWith('load', this.#progress()))
    this.dispatchEvent(eventWith('loadend', this.#progress()))
  }

  #fail(type: 'error' | 'abort' | 'timeout'): void {
    this.#release()
    this.#reset()
    this.#change(4)
    this.dispatchEvent(eventWith(type, progressOf(0, 0)))
    this.dispatchEvent(eventWith('loadend', progressOf(0, 0)))
  }

  #release(): void {
    clearTimeout(this.#timer)
    this.#leave?.()
    this.#leave = undefined
  }

  #reset(): void {
    this.status = 0
    this.responseURL = ''
    this.#headers = undefined
    this.#pieces = []
    this.#text = ''
    this.#decoder = new TextDecoder()
  }

  #progress(): Record<string, unknown> {
    const loaded = this.#pieces.reduce((sum, { length }) => sum + length, 0)
    const total = Number(this.getResponseHeader('content-length') ?? 0)
    return progressOf(loaded, total)
  }

  #change(readyState: number): void {
    this.readyState = readyState
    this.dispatchEvent(eventWith('readystatechange'))
  }
}

function progressOf(loaded: number, total: number): Record<string, unknown> {
  return { loaded, total, lengthComputable: total > 0 }
}
