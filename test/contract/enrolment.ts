import type { Provider, ReconnectPolicy, Wire } from 'rxwire'
import { it } from 'vitest'

/** The options that the suite passes to a transport. */
export interface ContractOptions {
  readonly reconnect?: ReconnectPolicy
  readonly decode?: (text: string) => string
  readonly onBadMessage?: 'fail'
  readonly failsWhen?: (text: string) => string | undefined
  readonly resumeFrom?: string | undefined
  readonly onGone?: 'restart' | 'tail' | undefined
}

/** A law, or a part of one, that does not apply to every transport. */
export type Topic =
  | 'undecodable message'
  | 'reported failure'
  | 'lone id'
  | 'inherited id'
  | 'replayed message'
  | 'long id'
  | 'empty id'
  | 'lost resume point'
  | 'credentials'
  | 'rotation'
  | 'page of HTML'

/** Describes a transport to the suite. The scenario paths are routes of the test server. */
export interface Enrolment {
  readonly transport: string
  /** Creates a wire of text messages. */
  readonly connect: (url: string, options: ContractOptions) => Wire<string>
  /** The cause that the transport reports while the server is unavailable. Default: HTTP status 503. */
  readonly outage?: object
  /** The events before a final refusal. Default: `connecting` alone. */
  readonly beforeRefusal?: readonly string[]
  /** Why `open` is emitted only together with the message. Absent if it is emitted with the head of the response. */
  readonly opensWithItsMessage?: string
  /** Why the engine may merge or serialize two equal requests. Absent or empty if it does not. */
  readonly mayBeAskedOnce?: string
  /** Why a connection stays open after its subscriber has unsubscribed. Absent or empty if it does not. */
  readonly cannotLetGo?: string
  /** Why the transport cannot read Retry-After. Absent if it can. */
  readonly knowsNoRetryAfter?: string
  readonly scenarios: {
    /**
     * Sends the messages '1' to '?count=' with ids, resumes after the last one received, then completes. Absent for a
     * transport of complete responses, which has nothing to resume.
     */
    readonly feed?: string
    /** The same, with one message in each response. Default: `feed`, for a transport whose response has many. */
    readonly singles?: string
    /** Ends cleanly, without a message. Absent for a transport that does not rotate. */
    readonly endsWithoutNews?: string
    /** Responds with a page of HTML. Absent for a transport that reads any type. */
    readonly html?: string
    /** Opens and sends no message. */
    readonly held: string
    /** Refuses with a final error. */
    readonly refused: string
    /** Refuses '?times=' times like a restarting server, with Retry-After '?seconds='; then sends one message. */
    readonly unavailable: string
    /** Completes at once. */
    readonly done: string
  }
  /** The requests per refusal. Two for the native EventSource, which hides the status of its own request. */
  readonly requestsPerRefusal?: number
  /** Creates a wire whose request is safe to repeat only with an idempotency key. Absent if the transport has none. */
  readonly connectUnsafely?: (
    url: string,
    options: { idempotencyKey?: string; reconnect: ReconnectPolicy },
  ) => Wire<string>
  /** Creates a wire with headers. Absent if the transport has none. */
  readonly connectWithHeaders?: (url: Provider<string>, headers: Record<string, string>) => Wire<unknown>
  /** Why a law does not apply to the transport. */
  readonly exempt?: Partial<Record<Topic, string>>
}

/** A test of a law, skipped with the reason that an enrolment gives. */
export function itUnless(reason: string | undefined, law: string, test: () => Promise<void>): void {
  if (reason === undefined) it(law, test)
  else it.skip(`${law} (skipped: ${reason})`, () => {})
}

/** Returns a function that declares tests about a stream of messages. The test receives the path of the stream. */
export function streamLaws({ scenarios, exempt = {} }: Enrolment, which: 'feed' | 'singles') {
  const path = scenarios[which] ?? scenarios.feed
  return (topic: Topic | undefined, law: string, test: (path: string) => Promise<void>): void => {
    const because = topic === undefined ? undefined : exempt[topic]
    itUnless(path === undefined ? 'the transport has nothing to resume' : because, law, () => test(path ?? ''))
  }
}
