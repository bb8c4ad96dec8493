const encoder = new TextEncoder()

// [spec] Fetch §2.2.3: a response with one of these statuses has no body.
const NULL_BODY: ReadonlySet<number> = new Set([204, 304])

/** The part of Node's `ServerResponse` that the routes use. What they write is the body of a web `Response`. */
export class PageResponse {
  /** Resolves when the route has sent the head. */
  readonly sent: Promise<Response>
  readonly #signal: AbortSignal
  readonly #headers = new Headers()
  #status = 200
  #send: (response: Response) => void = () => {}
  #body: ReadableStreamDefaultController<Uint8Array> | undefined
  #isFinished = false

  /** @param signal Aborted when the connection is over. */
  constructor(signal: AbortSignal) {
    this.#signal = signal
    this.sent = new Promise((resolve) => {
      this.#send = resolve
    })
  }

  get destroyed(): boolean {
    return this.#signal.aborted
  }

  get writableFinished(): boolean {
    return this.#isFinished
  }

  on(name: string, listener: () => void): this {
    if (name === 'close') this.#signal.addEventListener('abort', listener)
    return this
  }

  off(name: string, listener: () => void): this {
    if (name === 'close') this.#signal.removeEventListener('abort', listener)
    return this
  }

  writeHead(status: number, headers: Readonly<Record<string, string | number>> = {}): this {
    this.#status = status
    for (const [name, value] of Object.entries(headers)) this.#headers.set(name, String(value))
    return this
  }

  flushHeaders(): void {
    if (this.#body !== undefined) return
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller
      },
    })
    const init = { status: this.#status, headers: this.#headers }
    this.#send(new Response(NULL_BODY.has(this.#status) ? null : body, init))
  }

  write(piece: string | Uint8Array): true {
    this.flushHeaders()
    if (!this.destroyed) this.#body?.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
    return true
  }

  end(text = ''): void {
    if (text === '') this.flushHeaders()
    else this.write(text)
    if (!this.destroyed) this.#body?.close()
    this.#isFinished = true
  }

  /** Drops the connection. */
  destroy(): void {
    this.#send(Response.error())
    this.#body?.error(new Error('The route has dropped the connection.'))
  }
}
