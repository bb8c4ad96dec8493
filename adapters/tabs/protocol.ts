import type { PlainError, PlainEvent, WireMessage } from 'rxwire'

// Raise it when a frame changes its meaning: tabs of both versions then ignore each other.
const PROTOCOL = 1

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
export type LeaderNews<T> = { readonly to?: string | undefined } & (
  | { readonly type: 'lead'; readonly after: Position }
  | { readonly type: 'beat' }
  | { readonly type: 'news'; readonly events: readonly PlainEvent<T>[] }
  | Answer<T>
  | { readonly type: 'bye' }
  | { readonly type: 'end'; readonly error?: PlainError | undefined }
  | { readonly type: 'sent'; readonly nth: number; readonly error?: PlainError | undefined }
)

/** A frame of that tab. `seq` counts the messages up to and including this frame. */
export type LeaderFrame<T> = Position & LeaderNews<T> & { readonly isHidden: boolean }

/** The answer to `ask`. */
export interface Answer<T> {
  readonly type: 'answer'
  /** The `id` of the question. */
  readonly id: string
  /** The messages since then; `undefined` if the leader no longer has them. */
  readonly messages: readonly WireMessage<T>[] | undefined
  /** Where the leader took over. */
  readonly after: Position
  /** Whether it had a resume point then. Otherwise it may have started after messages that others have. */
  readonly isResumed: boolean
  /** Whether the messages have ids. */
  readonly hasIds: boolean
  /** The last event that was no message. */
  readonly state: PlainEvent<T> | undefined
}

/** A frame of any other tab. */
export type FollowerFrame =
  /** Asks for the messages after a position. `id` is the resume point there: an empty text is the start. */
  | { readonly type: 'ask'; readonly at: Position; readonly id: string }
  /** A visible tab wants to lead instead of a hidden one. */
  | { readonly type: 'claim' }
  | { readonly type: 'send'; readonly nth: number; readonly message: unknown }

export type Outgoing<T> = (LeaderFrame<T> | FollowerFrame) & { readonly to?: string | undefined }

export type Frame<T> = Outgoing<T> & {
  readonly protocol: number
  readonly version: string
  readonly from: string
}

const LEADER_FRAMES: readonly unknown[] = ['lead', 'beat', 'news', 'answer', 'bye', 'end', 'sent']
const FOLLOWER_FRAMES: readonly unknown[] = ['ask', 'claim', 'send']

export function frameOf<T>(frame: Outgoing<T>, version: string, from: string): Frame<T> {
  return { ...frame, protocol: PROTOCOL, version, from }
}

/** Returns a received frame; `undefined` if it is of another version of the page or the library, or for another tab. */
export function parseFrame<T>(data: unknown, version: string, me: string): Frame<T> | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const frame = data as Frame<T>
  const { protocol, from, to = me, type } = frame
  if (protocol !== PROTOCOL || frame.version !== version || from === me || to !== me) return undefined
  if (FOLLOWER_FRAMES.includes(type)) return type !== 'ask' || isPosition(frame.at) ? frame : undefined
  if (!LEADER_FRAMES.includes(type) || !isPosition(frame)) return undefined
  if ((type === 'lead' || type === 'answer') && !isPosition(frame.after)) return undefined
  return type === 'news' && !Array.isArray(frame.events) ? undefined : frame
}

function isPosition(value: unknown): value is Position {
  const { term, seq } = Object(value)
  return Number.isFinite(term) && Number.isSafeInteger(seq)
}

export function isSame(a: Position, b: Position): boolean {
  return a.term === b.term && a.seq === b.seq
}
