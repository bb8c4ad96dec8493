import type { Content } from './answer.ts'
import type { Choice } from './choice.ts'
import type { FuzzRequest } from './session.ts'

/** One upload on a server that may store less than it was sent, lose bytes, or report nonsense. */
export class UploadContent {
  readonly #choice: Choice
  readonly #badness: number
  readonly #size: number
  /** Whether it loses all bytes soon after it has confirmed them. */
  readonly #losesAll: boolean
  /** How many bytes are stored; `undefined` if there is no upload. */
  #offset: number | undefined

  constructor(choice: Choice, badness: number, size: number) {
    this.#choice = choice
    this.#badness = badness
    this.#size = size
    this.#losesAll = choice.chance(0.2)
  }

  tus(request: FuzzRequest): Content {
    this.#loseBytes()
    if (request.method === 'POST') {
      this.#offset = 0
      return { status: 201, headers: this.#location(request) }
    }
    if (request.method === 'DELETE') {
      this.#offset = undefined
      return { status: this.#choice.of([204, 404, 423]) }
    }
    if (this.#offset === undefined) return { status: this.#choice.of([404, 410]) }
    if (request.method === 'HEAD')
      return { status: 200, headers: { ...this.#head(), 'upload-length': String(this.#size) } }
    if (Number(request.headers.get('upload-offset')) !== this.#offset) return { status: 409 }
    this.#store(request.bodyBytes)
    return { status: 204, headers: this.#head() }
  }

  offsets(request: FuzzRequest): Content {
    this.#loseBytes()
    this.#offset ??= 0
    const isLie = this.#choice.chance(this.#badness / 10)
    if (request.method === 'GET') {
      return { status: 200, body: isLie ? this.#choice.of(['-1', 'many', '', '1e3', '7']) : String(this.#offset) }
    }
    if (Number(request.headers.get('x-start-byte')) !== this.#offset)
      return { status: this.#choice.of([400, 409, 416]) }
    this.#store(request.bodyBytes)
    return { status: 200 }
  }

  #store(bytes: number): void {
    const kept = this.#choice.chance(this.#badness) ? Math.ceil(bytes / 2) : bytes
    this.#offset = Math.min(this.#size, (this.#offset ?? 0) + kept)
  }

  #loseBytes(): void {
    if (this.#offset === undefined) return
    if (this.#losesAll && this.#offset > 0) this.#offset = 0
    else if (this.#choice.chance(this.#badness / 10))
      this.#offset = this.#choice.of([undefined, 0, Math.floor(this.#offset / 2)])
  }

  #head(): Record<string, string> {
    const isLie = this.#choice.chance(this.#badness / 10)
    const offset = isLie ? this.#choice.of(['-1', 'many', '7', '999999', '0']) : String(this.#offset)
    return { 'upload-offset': offset }
  }

  #location({ url }: FuzzRequest): Record<string, string> {
    const isLie = this.#choice.chance(this.#badness / 10)
    if (isLie && this.#choice.chance(0.3)) return {}
    return {
      location: isLie
        ? this.#choice.of(['http://[', 'mailto:a@example.com', ''])
        : `${url}${url.includes('?') ? '&' : '?'}file=1`,
    }
  }
}
