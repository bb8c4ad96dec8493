import type { Attempt } from '../../attempt.ts'
import { HttpError, isWireError, messageOf, WireError } from '../../errors.ts'
import { uploadMeaning } from '../../policy/http-status.ts'
import type { UploadPosition, UploadRequest, UploadResponse } from './protocol.ts'
import { sendRequest } from './send-request.ts'
import type { UploadSubscription } from './subscription.ts'

/** A finished upload. */
export interface Uploaded {
  /** Where the server keeps it: the address of a tus upload, the id of one by offset headers. */
  readonly location: string
  readonly sizeBytes: number
  /** The server's last answer: what it says of a finished upload is its own matter. */
  readonly status: number
  readonly headers: Headers
  readonly bodyText: string
}

/** One attempt: from asking the server how far it is, to its having all. */
export class UploadAttempt {
  readonly #upload: UploadSubscription
  readonly #attempt: Attempt<Uploaded>

  #location = ''
  /** Whether it was begun in this attempt, and nothing has been taken there yet. */
  #isUntried = false
  #hasAskedAgain = false
  #hasOpened = false

  constructor(upload: UploadSubscription, attempt: Attempt<Uploaded>) {
    this.#upload = upload
    this.#attempt = attempt
  }

  async run(): Promise<void> {
    const { file } = this.#upload
    let at = (await this.#goOn()) ?? (await this.#begin())
    this.#tell(at)
    while (at.offset < file.size) {
      at = await this.#append(at)
      this.#tell(at)
    }
    // Who left at the last progress has not been told, and will be the next time.
    this.#attempt.signal.throwIfAborted()
    const { status, headers, bodyText } = at.answer
    this.#attempt.message({ location: this.#location, sizeBytes: file.size, status, headers, bodyText })
    await this.#upload.stored.forget()
    this.#attempt.close({ wasClean: true })
  }

  /** Has the server forget what was begun. */
  async cancel(): Promise<void> {
    const { protocol } = this.#upload
    // First of all it is not there any more for anybody who begins the same file anew.
    const location = await this.#upload.stored.take()
    if (location !== undefined) {
      await protocol.terminate?.(location, this.#send).catch((error: unknown) => {
        if (!isNothingToEnd(error)) throw error
      })
    }
    this.#attempt.close({ reason: 'cancelled', wasClean: true })
  }

  /** Where an upload that was begun is; `undefined` if there is none, or none any more. */
  async #goOn(): Promise<UploadPosition | undefined> {
    const found = await this.#upload.stored.find()
    if (found === undefined) return undefined
    this.#location = found.location
    const at = await this.#ask().catch((error: unknown) => {
      // What was remembered may be somebody else's by now, or no address at all. That is no reason not to begin.
      if (found.isRemembered && isRefusedForGood(error)) return undefined
      throw error
    })
    if (at === undefined) await this.#upload.stored.forget()
    else await this.#upload.stored.keep(found.location)
    return at
  }

  async #begin(): Promise<UploadPosition> {
    const { protocol, file } = this.#upload
    const { location, at } = await protocol.begin(file, this.#send)
    if (at.offset > file.size) throw notThisFile(at, file)
    this.#location = location
    this.#isUntried = true
    await this.#upload.stored.keep(location)
    return at
  }

  async #ask(): Promise<UploadPosition | undefined> {
    const { protocol, file } = this.#upload
    try {
      const at = await protocol.ask(this.#location, file, this.#send)
      // More than the file has: it is another one.
      return at !== undefined && at.offset > file.size ? undefined : at
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }

  /** Sends the next piece. */
  async #append(at: UploadPosition): Promise<UploadPosition> {
    const { protocol, file, chunks } = this.#upload
    const piece = chunks.from(at.offset)
    const send = (request: UploadRequest) => this.#send(request, (bytes) => this.#tell(at, at.offset + bytes))
    try {
      const next = await protocol.append(this.#location, at.offset, piece, file, send)
      if (next.offset <= at.offset || next.offset > file.size) throw misled(at, next)
      this.#hasAskedAgain = false
      this.#isUntried = false
      return next
    } catch (error) {
      return await this.#after(error, at, piece)
    }
  }

  /** Where to go on after a piece was refused. What cannot be helped here is thrown, and the engine's matter. */
  async #after(error: unknown, at: UploadPosition, piece: Blob): Promise<UploadPosition> {
    if (!(error instanceof HttpError)) {
      if (isWireError(error) && error.kind === 'network') await requireReadable(piece)
      throw error
    }
    if (meaningOf(error) === 'smaller' && this.#upload.chunks.shrink(piece)) return at
    if (isGone(error) && !this.#isUntried) throw tryAgain(error)
    if (!this.#upload.protocol.conflicts.includes(error.status)) throw error
    // It is somewhere else than it said a moment ago. Once that is no wonder: somebody before us may still be writing.
    if (this.#hasAskedAgain) throw tryAgain(error)
    this.#hasAskedAgain = true
    const actual = await this.#ask()
    if (actual === undefined) throw tryAgain(error)
    if (actual.offset === at.offset) throw error
    return actual
  }

  #tell({ offset }: UploadPosition, sentBytes = offset): void {
    const { file, chunks } = this.#upload
    // Further than ever is proof of service; what is taken a second time is not.
    if (chunks.acknowledge(offset)) this.#attempt.moveCursor(String(offset))
    this.#attempt.progress('upload', chunks.sent(sentBytes), file.size, offset)
  }

  readonly #send = async (request: UploadRequest, onSent?: (bytes: number) => void): Promise<UploadResponse> => {
    this.#attempt.signal.throwIfAborted()
    const resolved = await this.#upload.resolve(request, this.#attempt)
    this.#attempt.signal.throwIfAborted()
    const answer = await sendRequest(resolved, this.#upload.options, onSent, this.#attempt.signal)
    if (!this.#hasOpened) this.#attempt.open({ status: answer.status, headers: answer.headers })
    this.#hasOpened = true
    return answer
  }
}

function meaningOf(error: unknown): ReturnType<typeof uploadMeaning> {
  return error instanceof HttpError ? uploadMeaning(error.status) : undefined
}

function isGone(error: unknown): boolean {
  return meaningOf(error) === 'gone'
}

/** It is gone already, or [spec] a server that does not offer to end uploads. */
function isNothingToEnd(error: unknown): boolean {
  return isGone(error) || meaningOf(error) === 'unsupported'
}

function isRefusedForGood(error: unknown): boolean {
  if (!isWireError(error) || error.retryable) return false
  // Fresh credentials, another offset or a later retry may still succeed.
  const meaning = meaningOf(error)
  return meaning !== 'refresh' && meaning !== 'conflict' && meaning !== 'retry'
}

/** The same refusal, of which another attempt knows more. */
function tryAgain(cause: HttpError): HttpError {
  const { status, headers, bodyText, url, retryAfterMs } = cause
  return new HttpError(cause.message, { status, headers, bodyText, url, retryAfterMs, retryable: true, cause })
}

function misled(at: UploadPosition, next: UploadPosition): WireError {
  const message = `The upload server says that it is at byte ${next.offset} after it was sent what comes after ${at.offset}.`
  return new WireError('http', message, { retryable: true })
}

function notThisFile({ offset }: UploadPosition, { size }: Blob): WireError {
  const message = `The upload server has ${offset} bytes of a file of ${size}: it must be another one. Give each its own id.`
  return new WireError('http', message)
}

/** A file that has changed or gone since it was chosen fails like a lost connection, and no attempt would mend it. */
async function requireReadable(piece: Blob): Promise<void> {
  try {
    await piece.slice(-1).arrayBuffer()
  } catch (cause) {
    const message = `The file cannot be read any more (${messageOf(cause)}). It may have changed since it was chosen.`
    throw new WireError('network', message, { cause })
  }
}
