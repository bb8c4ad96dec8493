import type { ResolvedRequest } from '../../http/request.ts'
import { bodyTotal } from '../../http/response.ts'

/** How an attempt goes on with what those before it have delivered. Make one for each attempt. */
export interface Continuation {
  /** How many bytes came before this attempt. */
  readonly offset: number
  /** Whether another attempt may go on where this one ends. */
  readonly canResume: boolean
  /** Why not, as the error should say it. */
  readonly whyNot: string
  /** @throws WireError if the request asks for something else. */
  prepare(request: ResolvedRequest): void
  /**
   * Looks at the head of the answer.
   *
   * @throws WireError if it is not what was asked for.
   */
  start(request: ResolvedRequest, status: number, headers: Headers): void
  /** The id of a frame's message, which may have one already. */
  idOf(frame: unknown, frameId: string | undefined): string | undefined
  /** How many bytes there are in all, where that is honestly known, when so many of this answer have come. */
  total(headers: Headers, loaded: number): number | undefined
  /**
   * Looks at what has come when the body has ended.
   *
   * @throws WireError if something is missing.
   */
  end(request: ResolvedRequest): void
  /**
   * Whether a refusal says that nothing is missing.
   *
   * @throws WireError that says better what it means.
   */
  isComplete(request: ResolvedRequest, error: unknown): boolean
}

/** The caller's providers ask for the rest, if there is one: they are given the cursor. */
export function byCaller(canResume: boolean): Continuation {
  return {
    offset: 0,
    canResume,
    whyNot: '',
    prepare: () => {},
    start: () => {},
    idOf: (_, frameId) => frameId,
    total: bodyTotal,
    end: () => {},
    isComplete: () => false,
  }
}
