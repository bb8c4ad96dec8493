import type { PlainError, PlainEvent, WireMessage } from 'rxwire'

// Raise it when a frame changes its meaning: tabs of both versions then ignore each other.
const PROTOCOL = 1

/** What all frames carry: the version of this protocol, and that of the page. */
export function protocolOf(version: string): string {
  return `${PROTOCOL}/${version}`
}

/** How far a tab has read the stream. Two tabs at the same position have delivered the same messages. */
export interface Position {
  /**
   * Raised by each leader. A tab that reads its own connection has a term with a fraction, which no other tab has,
   * because its messages may be counted differently.
   */
  readonly term: number
  /** The number of messages up to here. */
  readonly seq: number
}

/** What the tab that holds the connection says. */
type LeaderNews<T> =
  /** It has resumed after a position, which gets another name. `after` as in {@link Answer}. */
  | { readonly type: 'lead'; readonly after: Position | undefined }
  | { readonly type: 'beat' }
  /** The position is that after the events. */
  | { readonly type: 'news'; readonly events: readonly PlainEvent<T>[] }
  | Answer<T>
  | { readonly type: 'bye' }
  | { readonly type: 'end'; readonly error?: PlainError | undefined }
  | { readonly type: 'sent'; readonly nth: number; readonly error?: PlainError | undefined }

/** The answer to `ask`. */
interface Answer<T> {
  readonly type: 'answer'
  /** The `id` of the question. */
  readonly id: string
  /** The messages since then; `undefined` if the leader no longer has them. */
  readonly messages: readonly WireMessage<T>[] | undefined
  /**
   * Where the leader has resumed. `undefined` if it had no resume point: then the server may have started anywhere, and a
   * tab with a resume point finds its place by that.
   */
  readonly after: Position | undefined
  /** Whether the messages have ids. */
  readonly hasIds: boolean
  /** The last event that was no message. */
  readonly state: PlainEvent<T> | undefined
}

/** What any other tab says. */
export type FollowerNews =
  /**
   * Asks for the messages after its position. `id` is the resume point there: an empty text is the start. `seen` is the
   * highest term that this tab knows.
   */
  | { readonly type: 'ask'; readonly id: string; readonly seen: number }
  /** A visible tab wants to lead instead of a hidden one. */
  | { readonly type: 'claim' }
  | { readonly type: 'send'; readonly nth: number; readonly message: unknown }

export type News<T> = (LeaderNews<T> | FollowerNews) & { readonly to?: string | undefined }

/** What is posted, with the position of its sender. */
export type Frame<T> = News<T> &
  Position & {
    readonly protocol: string
    readonly from: string
    readonly isHidden: boolean
  }

/** Returns a received frame; `undefined` if it is of another version of the page or the library, or for another tab. */
export function parseFrame<T>(data: unknown, protocol: string, me: string): Frame<T> | undefined {
  const frame: Frame<T> = Object(data)
  const { from, to = me, term, seq } = frame
  const isForMe = frame.protocol === protocol && from !== me && to === me
  const isValid = Number.isFinite(term) && Number.isSafeInteger(seq)
  return isForMe && isValid && (frame.type !== 'news' || Array.isArray(frame.events)) ? frame : undefined
}

export function isSame(a: Position | undefined, b: Position): boolean {
  return a?.term === b.term && a.seq === b.seq
}
