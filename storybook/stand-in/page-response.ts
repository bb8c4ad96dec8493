import type { PageLink } from './page-link.ts'

const encoder = new TextEncoder()

/** What a route sees of Node's response, while a page reads it as an answer to its `fetch`. */
export class PageResponse {
  /** What `fetch` answers with. */
  readonly answer: Promise<Response>
  destroyed = false
  readonly #link: PageLink
  #resolve: (response: Response) => void = () => {}
  #reject: (reason: unknown) => void = () => {}
  readonly #body: ReadableStream<Uint8Array>
  readonly #closeListeners: (() => void)[] = []
  readonly #headers = new Headers()
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #status = 200
  #isBegun = false

  constructor(link: PageLink) {
    this.#link = link
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.#body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller
      },
      cancel: () => this.#close(),
    })
  }

  on(_: 'close', listener: () => void): this {
    this.#closeListeners.push(listener)
    return this
  }

  setHeader(name: string, value: string): void {
    this.#headers.set(name, value)
  }

  writeHead(status: number, headers: Readonly<Record<string, string | number>> = {}): this {
    this.#status = status
    for (const [name, value] of Object.entries(headers)) this.#headers.set(name, String(value))
    return this
  }

  flushHeaders(): void {
    if (this.#isBegun) return
    this.#isBegun = true
    // [spec] What has one of these statuses has no body.
    const body = [204, 304].includes(this.#status) ? null : this.#body
    const init = { status: this.#status, headers: this.#headers }
    this.#link.pass(() => this.#resolve(new Response(body, init)))
  }

  write(text: string): true {
    this.flushHeaders()
    this.#link.pass(() => this.#controller?.enqueue(encoder.encode(text)))
    return true
  }

  end(text = ''): void {
    if (text === '') this.flushHeaders()
    else this.write(text)
    this.#link.pass(() => {
      this.#controller?.close()
      this.#close()
    })
  }

  /** Nobody reads any more, or nothing gets through: the page is told why. */
  destroy(reason: unknown = new TypeError('Failed to fetch')): void {
    if (this.destroyed) return
    this.#reject(reason)
    this.#controller?.error(reason)
    this.#close()
  }

  #close(): void {
    if (this.destroyed) return
    this.destroyed = true
    this.#link.end()
    for (const listener of this.#closeListeners) listener()
  }
}
