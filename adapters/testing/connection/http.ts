import { concat } from './bytes.ts'
import type { Faults } from './faults.ts'

/** A request of a client. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  readonly redirect: RequestRedirect
}

/** What a server sends back. */
export interface ServerResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** The client's side of an exchange. */
export interface HttpClient {
  /** How many bytes of the request body have arrived at the server. */
  sent(loaded: number): void
  /** The head of the response, and the URL that sent it. */
  head(response: ServerResponse, url: URL): void
  /** Bytes of the response. The next ones follow when the result has resolved. */
  data(bytes: Uint8Array): Promise<void> | void
  end(): void
  /** The connection was refused or lost. */
  lost(): void
}

/** A request while the server receives it. */
export class IncomingRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** The values of the parameters in the path of the route. */
  readonly params: Readonly<Record<string, string>>
  /** Aborted when the connection is over. */
  readonly signal: AbortSignal
  /** Resolves when the whole body has arrived. Never resolves if the connection is lost before. */
  readonly complete: Promise<void>
  /** Called for each piece of the body, when it arrives. */
  onBytes: (piece: Uint8Array) => void = () => {}
  readonly #pieces: Uint8Array[] = []
  #resolve = () => {}

  constructor({ method, url, headers }: HttpRequest, params: Readonly<Record<string, string>>, signal: AbortSignal) {
    this.method = method
    this.url = url
    this.headers = headers
    this.params = params
    this.signal = signal
    this.complete = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  /** The bytes of the body that have arrived. */
  get body(): Uint8Array<ArrayBuffer> {
    return concat(this.#pieces)
  }

  /** @internal */
  receive(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.onBytes(piece)
  }

  /** @internal */
  end(): void {
    this.#resolve()
  }
}

/** What serves the requests to a path. */
export interface HttpRoute {
  readonly faults: Faults
  noteRequest(request: HttpRequest): void
  serve(request: IncomingRequest): ServerResponse | Promise<ServerResponse>
}
