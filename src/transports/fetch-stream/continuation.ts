import { type ResolvedRequest, setLastEventId } from '../../http/request.ts'
import { NO_POSITION } from '../../http/request-wire.ts'
import { bodyTotal } from '../../http/response.ts'

/** How an attempt resumes the response of earlier attempts. Create one per attempt. */
export interface Continuation {
  /** How many bytes were received before this attempt. */
  readonly offset: number
  /** Whether another attempt can resume where this one ends. */
  readonly canResume: boolean
  /** Whether the response was proven to continue the earlier ones. */
  readonly isProven: boolean
  /** Why it cannot, as a sentence for the error message. */
  readonly whyNot: string
  /** @throws WireError if the request conflicts with the continuation. */
  prepare(request: ResolvedRequest): void
  /**
   * Checks the head of the response.
   *
   * @throws WireError if it is not the continuation that was requested.
   */
  start(request: ResolvedRequest, status: number, headers: Headers): void
  /** Returns the id of a record's message. `recordId` is the id that the decoder found. */
  idOf(record: unknown, recordId: string | undefined): string | undefined
  /** Returns the total number of bytes, if it is known. `loaded` counts the bytes of this response. */
  total(headers: Headers, loaded: number): number | undefined
  /**
   * Checks what was received, at the end of the body.
   *
   * @throws WireError if something is missing.
   */
  end(request: ResolvedRequest): void
  /**
   * Whether a failed request means that nothing is missing.
   *
   * @throws WireError if it means something else that can be explained better.
   */
  isComplete(request: ResolvedRequest, error: unknown): boolean
}

/** A way to resume a response, such as `byteRange()`. */
export interface ResumePlan {
  /** @internal */
  readonly continueFrom: (cursor: string | undefined) => Continuation
}

/**
 * Leaves it to the caller's functions, which receive the cursor, to request the rest.
 *
 * @param lastEventId The id to send as `Last-Event-ID`, unless the caller has set that header.
 */
export function byCaller(canResume: boolean, lastEventId?: string): Continuation {
  return {
    offset: 0,
    canResume,
    isProven: false,
    whyNot: canResume ? NO_POSITION : '',
    prepare: ({ headers }) => {
      if (!headers.has('last-event-id')) setLastEventId(headers, lastEventId)
    },
    start: () => {},
    idOf: (_, recordId) => recordId,
    total: bodyTotal,
    end: () => {},
    isComplete: () => false,
  }
}
