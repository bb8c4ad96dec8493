import { requireResumePoint } from './resume-point.ts'

/** What one consumer has learned of one source. An empty object before its first subscription. */
export interface SourceMemory {
  /** Where to resume; `undefined`: from the start. */
  cursor?: string | undefined
  /** The resume point before the last one, for a consumer that could not process the last message. */
  previousCursor?: string | undefined
  /** Whether `cursor` decides where to resume. Otherwise the options of the source do. */
  hasCursor?: boolean
  /** The request that was sent and is not safe to repeat, for example `POST /orders`. */
  sentUnsafely?: string | undefined
  /** The origin that credentials stay at. */
  homeOrigin?: string
  /** What is known of the source's own source (operator `reconnect`). */
  inner?: WireMemory
}

/**
 * What one consumer has learned of a wire: where to resume, which requests it must not repeat, and the origin that
 * credentials stay at. Subscriptions that share a memory, see {@link withMemory}, continue each other. A store has one of
 * its own.
 */
export class WireMemory {
  readonly #sources: SourceMemory[] = []
  #next = 0

  /**
   * @param options `resumeFrom`: where the first source resumes, instead of its own option.
   * @throws TypeError if `resumeFrom` cannot be sent to a server.
   */
  constructor({ resumeFrom }: { readonly resumeFrom?: string | undefined } = {}) {
    requireResumePoint('resumeFrom', resumeFrom)
    if (resumeFrom !== undefined) this.#sources.push({ cursor: resumeFrom, hasCursor: true })
  }

  /** Allows the next subscription to send requests that are not safe to repeat once more. */
  allowRepeat(): void {
    for (const source of this.#sources) {
      source.sentUnsafely = undefined
      source.inner?.allowRepeat()
    }
  }

  /** Forgets where to resume: the next subscription starts where the options of its sources say. */
  forgetCursors(): void {
    for (const source of this.#sources) {
      source.hasCursor = false
      source.inner?.forgetCursors()
    }
  }

  /** @internal Lets the next subscription resume its first source here; `undefined`: where the options of it say. */
  resumeAt(cursor: string | undefined): void {
    this.forgetCursors()
    if (cursor !== undefined) this.#sources[0] = { ...this.#sources[0], cursor, hasCursor: true }
  }

  /** Moves back before a message that the consumer could not process. */
  unsettle(id: string): void {
    for (const source of this.#sources) {
      if (source.cursor === id) source.cursor = source.previousCursor
      source.inner?.unsettle(id)
    }
  }

  /** @internal Where the first source resumes now, also after records that were no messages. */
  get cursor(): string | undefined {
    return this.#sources[0]?.cursor
  }

  /** @internal Starts another subscription. */
  restart(): void {
    this.#next = 0
  }

  /** @internal Returns the memory of the next source of this subscription. Sources are told apart by their order. */
  next(): SourceMemory {
    const index = this.#next++
    this.#sources[index] ??= {}
    return this.#sources[index]
  }
}
