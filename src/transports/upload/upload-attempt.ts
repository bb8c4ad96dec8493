import type { Attempt } from '../../attempt.ts'
import { callAsync } from '../../callback.ts'
import { settled } from '../../engine/provide.ts'
import { HttpError, isWireError, messageOf, WireError } from '../../errors.ts'
import { uploadMeaning } from '../../policy/http-status.ts'
import type { UploadPosition, UploadRequest, UploadResponse } from './protocol.ts'
import { sendRequest } from './send-request.ts'
import type { UploadSubscription } from './subscription.ts'

/** A finished upload. */
export interface Uploaded {
  /** The URL of a tus upload, or the file id that was sent by `offsetHeaders()`. */
  readonly uploadUrl: string
  readonly sizeBytes: number
  /** Status, headers and body of the server's last response. Their meaning depends on the server. */
  readonly status: number
  readonly headers: Headers
  readonly bodyText: string
}

/** One attempt: finds or creates the upload, then appends chunks until the server has the whole file. */
export class UploadAttempt {
  readonly #upload: UploadSubscription
  readonly #attempt: Attempt<Uploaded>

  #uploadUrl = ''
  /** Whether this attempt created the upload, and the server has not accepted a chunk since. */
  #isNew = false
  /** Whether the offset was requested after a conflict, and the server has confirmed no more bytes than before since. */
  #hasResynced = false
  #hasOpened = false

  constructor(upload: UploadSubscription, attempt: Attempt<Uploaded>) {
    this.#upload = upload
    this.#attempt = attempt
  }

  async run(): Promise<void> {
    const { file } = this.#upload
    let position = (await this.#resume()) ?? (await this.#create())
    this.#report(position)
    while (position.offset < file.size) {
      position = await this.#append(position)
      this.#report(position)
    }
    // A subscriber that unsubscribed during the last `progress` gets the message from its next subscription.
    this.#attempt.signal.throwIfAborted()
    const { status, headers, bodyText } = position.response
    this.#attempt.message({ uploadUrl: this.#uploadUrl, sizeBytes: file.size, status, headers, bodyText })
    await this.#upload.stored.remove(this.#uploadUrl)
    this.#attempt.close({ wasClean: true })
  }

  /** Asks the server to delete the stored upload if the protocol supports that, and removes it from the storage. */
  async cancel(): Promise<void> {
    const { protocol, stored } = this.#upload
    const uploadUrl = (await this.#stored())?.uploadUrl
    if (uploadUrl !== undefined) {
      await callAsync('terminate', () => protocol.terminate?.(uploadUrl, this.#send)).catch((error: unknown) => {
        if (!isNothingToTerminate(error)) throw error
      })
      // Not before: if the server has not confirmed it, another call can ask again. An upload that resumes this one in
      // the meantime finds that it is gone, and starts over.
      await stored.remove(uploadUrl)
    }
    this.#attempt.close({ reason: 'cancelled', wasClean: true })
  }

  /** Returns the position of the stored upload; `undefined` if there is none, or if the server no longer has it. */
  async #resume(): Promise<UploadPosition | undefined> {
    const stored = await this.#stored()
    if (stored === undefined) return undefined
    this.#uploadUrl = stored.uploadUrl
    const position = await this.#getOffset().catch((error: unknown) => {
      // A URL from the storage may be invalid, or belong to another user by now. Create an upload instead of failing. The
      // URL stays stored until that has succeeded: a login page may have responded instead of the server.
      if (stored.isFromStorage && isFinalRefusal(error)) return 'refused' as const
      throw error
    })
    if (position === 'refused') return undefined
    if (position === undefined) await this.#upload.stored.remove(stored.uploadUrl)
    else await this.#upload.stored.save(stored.uploadUrl)
    return position
  }

  /** Calls the fingerprint function, once per subscription. */
  #stored(): ReturnType<UploadSubscription['stored']['load']> {
    return settled('fingerprint', this.#upload.stored.load(), this.#attempt.signal)
  }

  async #create(): Promise<UploadPosition> {
    const { protocol, file } = this.#upload
    const create = () => protocol.create(file, this.#send)
    const { uploadUrl, at: position } = await callAsync('create', create, 'a URL and a position', isCreated)
    if (position.offset > file.size) throw wrongFile(position, file)
    this.#uploadUrl = uploadUrl
    this.#isNew = true
    await this.#upload.stored.save(uploadUrl)
    return position
  }

  async #getOffset(): Promise<UploadPosition | undefined> {
    const { protocol, file } = this.#upload
    try {
      const getOffset = () => protocol.getOffset(this.#uploadUrl, file, this.#send)
      const isValid = (result: unknown) => result === undefined || isPosition(result)
      const position = await callAsync('getOffset', getOffset, 'a position', isValid)
      // An offset past the end of the file belongs to another file.
      return position !== undefined && position.offset > file.size ? undefined : position
    } catch (error) {
      if (isGone(error)) return undefined
      throw error
    }
  }

  async #append(position: UploadPosition): Promise<UploadPosition> {
    const { protocol, file, chunks } = this.#upload
    const { offset } = position
    const chunk = chunks.from(offset)
    const send = (request: UploadRequest) => this.#send(request, (bytes) => this.#report(position, offset + bytes))
    try {
      const append = () => protocol.append(this.#uploadUrl, offset, chunk, file, send)
      const next = await callAsync('append', append, 'a position', isPosition)
      if (next.offset <= offset || next.offset > file.size) throw unexpectedOffset(position, next)
      this.#isNew = false
      return next
    } catch (error) {
      return await this.#recover(error, position, chunk)
    }
  }

  /** Returns where to continue after a chunk was rejected. Throws what only the engine can handle. */
  async #recover(error: unknown, position: UploadPosition, chunk: Blob): Promise<UploadPosition> {
    if (!(error instanceof HttpError)) {
      if (isWireError(error) && error.kind === 'network') await requireReadable(chunk)
      throw error
    }
    if (meaningOf(error) === 'smaller' && this.#upload.chunks.shrink(chunk)) return position
    if (isGone(error) && !this.#isNew) throw asRetryable(error)
    if (!this.#upload.protocol.conflictStatuses.includes(error.status)) throw error
    // One conflict is expected: a request of a lost connection may still be writing on the server.
    if (this.#hasResynced) throw asRetryable(error)
    this.#hasResynced = true
    const actual = await this.#getOffset()
    if (actual === undefined) throw asRetryable(error)
    // A proxy may have sent the conflict, or an earlier request still holds the upload.
    if (actual.offset === position.offset) throw asRetryable(error)
    return actual
  }

  #report({ offset }: UploadPosition, sentBytes = offset): void {
    const { file, chunks } = this.#upload
    // Only a new maximum proves service. Bytes that the server lost and received again do not.
    if (chunks.acknowledge(offset)) {
      this.#hasResynced = false
      this.#attempt.moveCursor(String(offset))
    }
    this.#attempt.progress('upload', chunks.sent(sentBytes), file.size, offset)
  }

  readonly #send = async (request: UploadRequest, onSent?: (bytes: number) => void): Promise<UploadResponse> => {
    this.#attempt.signal.throwIfAborted()
    const resolved = await this.#upload.resolve(request, this.#attempt)
    this.#attempt.signal.throwIfAborted()
    const response = await sendRequest(resolved, this.#upload.options, onSent, this.#attempt.signal)
    if (!this.#hasOpened) this.#attempt.open({ status: response.status, headers: response.headers })
    this.#hasOpened = true
    return response
  }
}

/** A protocol may be the caller's. An offset that is not a number would look like the end of the file. */
function isPosition(value: unknown): boolean {
  const { offset, response } = (value ?? {}) as Partial<UploadPosition>
  return Number.isSafeInteger(offset) && Number(offset) >= 0 && typeof response === 'object' && response !== null
}

function isCreated(value: unknown): boolean {
  const { uploadUrl, at } = (value ?? {}) as { readonly uploadUrl?: unknown; readonly at?: unknown }
  return typeof uploadUrl === 'string' && isPosition(at)
}

function meaningOf(error: unknown): ReturnType<typeof uploadMeaning> {
  return error instanceof HttpError ? uploadMeaning(error.status) : undefined
}

function isGone(error: unknown): boolean {
  return meaningOf(error) === 'gone'
}

/** Whether the upload is already gone, or the server does not support `termination`. [spec] It is optional in tus. */
function isNothingToTerminate(error: unknown): boolean {
  return isGone(error) || meaningOf(error) === 'unsupported'
}

/** Whether the server, or the URL itself, rules out that this upload can be resumed. */
function isFinalRefusal(error: unknown): boolean {
  if (!isWireError(error) || error.retryable) return false
  // These may still succeed: with fresh credentials, at another offset, or later.
  const meaning = meaningOf(error)
  return meaning !== 'refresh' && meaning !== 'conflict' && meaning !== 'retry'
}

/** Returns the same error as retryable: the next attempt asks for the offset again, or creates another upload. */
function asRetryable(cause: HttpError): HttpError {
  const { status, headers, bodyText, url, retryAfterMs } = cause
  return new HttpError(cause.message, { status, headers, bodyText, url, retryAfterMs, retryable: true, cause })
}

function unexpectedOffset(position: UploadPosition, next: UploadPosition): WireError {
  const message = `The upload server reported offset ${next.offset} after a chunk that started at ${position.offset}.`
  return new WireError('http', message, { retryable: true })
}

function wrongFile({ offset }: UploadPosition, { size }: Blob): WireError {
  const message =
    `The upload server has ${offset} bytes for a file of ${size} bytes, so the upload belongs to another file. ` +
    'Give each file its own id.'
  return new WireError('http', message)
}

/**
 * Throws a non-retryable error if the file was changed or deleted after it was selected. Sending it fails like a lost
 * connection, which would be retried without a limit.
 */
async function requireReadable(chunk: Blob): Promise<void> {
  const end: Partial<Blob> = chunk.slice(-1)
  try {
    // jsdom has no `arrayBuffer`.
    await end.arrayBuffer?.()
  } catch (cause) {
    const message = `The file can no longer be read: ${messageOf(cause)}. It may have changed. Select it again.`
    throw new WireError('network', message, { cause })
  }
}
