import type { ResolvedRequest } from '../../http/request.ts'

/** How an attempt goes on with what those before it have delivered. Make one for each attempt. */
export interface Continuation {
  /** How many bytes came before this attempt. */
  readonly offset: number
  /** Whether another attempt may go on where this one ends. */
  readonly canGoOn: boolean
  /** Why not, as the error should say it. */
  readonly whyNot: string
  askFor(request: ResolvedRequest): void
  /**
   * Looks at the head of the answer.
   *
   * @throws WireError if it is not what was asked for.
   */
  begin(request: ResolvedRequest, status: number, headers: Headers): void
  /** The id of a frame's message, which may have one already. */
  idOf(frame: unknown, frameId: string | undefined): string | undefined
  /** Whether a refusal says that nothing is missing. */
  isWhole(error: unknown): boolean
}

/** The caller's providers ask for the rest, if there is one: they are given the cursor. */
export function byCaller(canGoOn: boolean): Continuation {
  return {
    offset: 0,
    canGoOn,
    whyNot: '',
    askFor: () => {},
    begin: () => {},
    idOf: (_, frameId) => frameId,
    isWhole: () => false,
  }
}
