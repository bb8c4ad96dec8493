import { concat, encode } from '../connection/bytes.ts'
import { type Direction, Faults } from '../connection/faults.ts'
import type { HttpRequest, IncomingRequest, ServerResponse } from '../connection/http.ts'
import type { Network } from '../network.ts'
import { type SeenRequest, seen } from './route.ts'

/** A file on the fake upload server. */
export interface FakeFile {
  /** The last part of its URL. */
  readonly id: string
  /** The size that the client announced. */
  readonly size: number
  /** The values of `Upload-Metadata`, decoded. */
  readonly metadata: Readonly<Record<string, string>>
  /** What has arrived, also of requests that were cut. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly isComplete: boolean
}

const VERSION = { 'tus-resumable': '1.0.0' }

/**
 * An upload server that speaks tus 1.0 (core, `creation`, `termination`), and the faults of its connections. Made by
 * `upload()` of a fake network. The bytes before a cut are kept, so that a client can resume.
 */
export class FakeUploadServer extends Faults {
  /** All requests, in order. */
  readonly requests: SeenRequest[] = []
  protected override readonly mainDirection: Direction = 'upload'
  readonly #network: Network
  readonly #path: string
  readonly #uploads = new Map<string, Upload>()
  #created = 0

  /** @internal */
  constructor(network: Network, path: string) {
    super()
    this.#network = network
    this.#path = path
  }

  /** The files, in the order of their creation. */
  get files(): readonly FakeFile[] {
    return [...this.#uploads.values()]
  }

  /** @internal */
  get faults(): this {
    return this
  }

  /** @internal */
  noteRequest(request: HttpRequest): void {
    this.requests.push(seen(request, this.#network.atMs()))
  }

  /** @internal */
  async serve(request: IncomingRequest): Promise<ServerResponse> {
    const upload = this.#uploads.get(request.params.id ?? '')
    if (request.params.id === undefined) return request.method === 'POST' ? this.#create(request) : status(405)
    if (upload === undefined) return status(404)
    switch (request.method) {
      case 'HEAD':
        return status(200, { ...upload.head, 'upload-length': String(upload.size), 'cache-control': 'no-store' })
      case 'PATCH':
        return this.#append(upload, request)
      case 'DELETE':
        this.#uploads.delete(upload.id)
        return status(204)
      default:
        return status(405)
    }
  }

  #create({ headers }: IncomingRequest): ServerResponse {
    const size = Number(headers.get('upload-length'))
    if (!headers.has('upload-length') || !Number.isSafeInteger(size) || size < 0) return status(400)
    this.#created += 1
    const upload = new Upload(String(this.#created), size, metadataOf(headers.get('upload-metadata') ?? ''))
    this.#uploads.set(upload.id, upload)
    return status(201, { location: `${this.#path}/${upload.id}`, ...upload.head })
  }

  async #append(upload: Upload, request: IncomingRequest): Promise<ServerResponse> {
    if (request.headers.get('upload-offset') !== upload.head['upload-offset']) return status(409)
    // [spec] tus 1.0, PATCH: the server keeps as many of the bytes as it can if the connection is lost.
    upload.append(request.body)
    request.onBytes = (piece) => upload.append(piece)
    await request.complete
    return status(204, upload.head)
  }
}

class Upload implements FakeFile {
  readonly id: string
  readonly size: number
  readonly metadata: Readonly<Record<string, string>>
  readonly #pieces: Uint8Array[] = []

  constructor(id: string, size: number, metadata: Readonly<Record<string, string>>) {
    this.id = id
    this.size = size
    this.metadata = metadata
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    return concat(this.#pieces)
  }

  get isComplete(): boolean {
    return this.#received === this.size
  }

  get head(): { readonly 'upload-offset': string } {
    return { 'upload-offset': String(this.#received) }
  }

  append(piece: Uint8Array): void {
    this.#pieces.push(piece)
  }

  get #received(): number {
    return this.#pieces.reduce((sum, { length }) => sum + length, 0)
  }
}

function status(code: number, headers: Readonly<Record<string, string>> = {}): ServerResponse {
  const text = code >= 400 ? [encode(`The fake upload server refused the request with ${code}.`)] : []
  return { status: code, headers: new Headers({ ...VERSION, ...headers }), body: text }
}

/** [spec] tus 1.0, Upload-Metadata: pairs of a name and a value in Base64. */
function metadataOf(header: string): Record<string, string> {
  const pairs = header.split(',').filter((pair) => pair !== '')
  const decode = (value: string) => new TextDecoder().decode(Uint8Array.from(atob(value), (each) => each.charCodeAt(0)))
  return Object.fromEntries(
    pairs.map((pair) => pair.trim().split(' ')).map(([name, value = '']) => [name, decode(value)]),
  )
}
