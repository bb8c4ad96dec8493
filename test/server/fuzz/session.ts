import { type Answer, atOnce, badAnswer, type Content, sent } from './answer.ts'
import { Choice } from './choice.ts'
import { Records } from './records.ts'
import { type SocketStep, socketSteps } from './socket-steps.ts'
import { UploadContent } from './upload-content.ts'

/** What the server of a session serves. The path of a request names it. */
export type FuzzKind = keyof typeof contents

/** A request, as the server sees it. */
export interface FuzzRequest {
  readonly method: string
  /** The path and the query. */
  readonly url: string
  readonly headers: Headers
  readonly bodyBytes: number
}

/** How the server of one subscription behaves. */
export interface FuzzPlan {
  /** The share of answers that have nothing to do with the request, and how much the other ones suffer on the way. */
  readonly badness: number
  /** Whether the server responds at once, never holds a request, and drops a stream after what it has sent. */
  readonly isInstant: boolean
  /** Whether an event stream forgets the resume point now and then. Its messages may then be delivered again. */
  readonly forgets: boolean
  /** Whether an event stream replays the last event that the client has. */
  readonly replaysLast: boolean
}

/** The size of the file that is downloaded, and of the one that is uploaded. */
export const FILE_BYTES = 300

/** The server of one subscription. It knows what it has sent, and never changes it. */
export class FuzzSession {
  readonly plan: FuzzPlan
  readonly choice: Choice
  readonly records: Records
  readonly upload: UploadContent
  /** The version of a document that changes. */
  version = 1

  constructor(seed: number, number: number) {
    const choice = new Choice(seed, number)
    this.choice = choice
    this.plan = {
      badness: choice.of([0, 0.2, 0.5, 0.9]),
      isInstant: choice.chance(0.03),
      forgets: choice.chance(0.1),
      replaysLast: choice.chance(0.2),
    }
    this.records = new Records([seed, number], this.plan.forgets)
    this.upload = new UploadContent(choice, this.plan.badness, FILE_BYTES)
  }

  answer(kind: FuzzKind, request: FuzzRequest): Answer {
    const answer = this.#answer(kind, request)
    return this.plan.isInstant ? atOnce(answer, STREAMS.includes(kind)) : answer
  }

  #answer(kind: FuzzKind, request: FuzzRequest): Answer {
    const { choice, plan } = this
    if (choice.chance(plan.badness / 2)) {
      const answer = badAnswer(choice)
      // A client takes it for the document.
      if (answer.status < 300) this.version += 1
      return answer
    }
    return sent(contents[kind](this, request), choice, plan.badness)
  }

  /** What happens on a socket whose client has the messages up to `cursor`. */
  steps(cursor: string | undefined): readonly SocketStep[] {
    return socketSteps(this.records, Number(cursor ?? 0), this.choice, this.plan.badness)
  }
}

const STREAMS: readonly string[] = ['events', 'sse', 'ndjson']

const contents = {
  /** An event stream for `fromEventSource`. */
  events: (session: FuzzSession, { headers, url }: FuzzRequest): Content => {
    const cursor = Number(headers.get('last-event-id') ?? paramOf(url, 'lastEventId') ?? 0)
    const after = session.plan.replaysLast && cursor > 0 ? cursor - 1 : cursor
    return eventsAfter(session, after)
  },
  /** An event stream for `sse()`. */
  sse: (session: FuzzSession, { url }: FuzzRequest): Content =>
    eventsAfter(session, Number(paramOf(url, 'after') ?? 0)),
  ndjson: (session: FuzzSession, { url }: FuzzRequest): Content => {
    const after = Number(paramOf(url, 'after') ?? 0)
    const lines = numbersAfter(after, session.choice).map((n) => `${session.records.json(n)}\n`)
    return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: lines.join('') }
  },
  /** A document with validators. It is held until it changes if the client has it. */
  document: (session: FuzzSession, { headers, url }: FuzzRequest): Content => {
    const { choice } = session
    if (choice.chance(0.4)) session.version += 1
    const etag = etagOf(session.version)
    const afterMs = paramOf(url, 'held') === null ? undefined : holdMs(choice)
    const held = afterMs === undefined ? {} : { afterMs }
    if (headers.get('if-none-match') === etag) return { ...held, status: 304, headers: { etag } }
    return { ...held, status: 200, headers: json(etag), body: JSON.stringify({ n: session.version }) }
  },
  /** A long poll with a cursor. */
  poll: (session: FuzzSession, { url }: FuzzRequest): Content => {
    const { choice, records } = session
    const afterMs = holdMs(choice)
    if (choice.chance(0.3)) return { status: choice.of([204, 304]), afterMs }
    const numbers = numbersAfter(Number(paramOf(url, 'after') ?? 0), choice)
    const last = numbers.at(-1)
    return {
      status: 200,
      afterMs,
      headers: { 'content-type': 'application/json', ...(last !== undefined && { 'x-next': String(last) }) },
      body: JSON.stringify(numbers.map((n) => records.json(n))),
    }
  },
  file: ({ choice, plan }: FuzzSession, { headers }: FuzzRequest): Content => {
    const etag = choice.chance(plan.badness / 10) ? choice.of(['W/"f"', '"g"', 'f', '']) : '"f"'
    const from = Number(/^bytes=(\d+)-$/.exec(headers.get('range') ?? '')?.[1] ?? 0)
    const isWhole = from === 0 || choice.chance(plan.badness / 10)
    const start = isWhole ? 0 : choice.chance(plan.badness / 10) ? choice.below(FILE_BYTES) : from
    const range = `bytes ${start}-${FILE_BYTES - 1}/${FILE_BYTES}`
    if (from >= FILE_BYTES) return { status: 416, headers: { etag, 'content-range': `bytes */${FILE_BYTES}` } }
    return {
      status: isWhole ? 200 : 206,
      headers: { etag, 'content-length': String(FILE_BYTES - start), ...(!isWhole && { 'content-range': range }) },
      body: Uint8Array.from({ length: FILE_BYTES - start }, (_, at) => start + at),
    }
  },
  tus: ({ upload }: FuzzSession, request: FuzzRequest): Content => upload.tus(request),
  offsets: ({ upload }: FuzzSession, request: FuzzRequest): Content => upload.offsets(request),
  script: ({ choice }: FuzzSession, { url }: FuzzRequest): Content => {
    const call = `${paramOf(url, 'callback')}({"n":1})`
    return {
      status: 200,
      headers: { 'content-type': 'text/javascript' },
      body: choice.of([call, call, `${call};${call}`, 'throw 1', '(']),
    }
  },
  image: (): Content => ({ status: 200, headers: { 'content-type': 'image/gif' }, body: GIF }),
} satisfies Record<string, (session: FuzzSession, request: FuzzRequest) => Content>

const GIF = Uint8Array.from(atob('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='), (each) => each.charCodeAt(0))

function eventsAfter({ records, choice }: FuzzSession, after: number): Content {
  if (choice.chance(0.05)) return { status: 204 }
  const text = numbersAfter(after, choice)
    .map((n) => records.event(n))
    .join('')
  const end = choice.of(['\n', '\r\n', '\r'])
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: text.replaceAll('\n', end) }
}

function numbersAfter(after: number, choice: Choice): number[] {
  return Array.from({ length: choice.below(6) }, (_, index) => after + index + 1)
}

/** Servers differ in how they write a validator. One version has the same one each time. */
function etagOf(version: number): string {
  return [`"${version}"`, `W/"${version}"`, `"${version}"`, `${version}`][version % 4] ?? ''
}

function json(etag: string): Record<string, string> {
  return { 'content-type': 'application/json', etag }
}

function holdMs(choice: Choice): number {
  return choice.of([0, 500, 5_000, 20_000])
}

function paramOf(url: string, name: string): string | null {
  return new URL(url, 'http://localhost').searchParams.get(name)
}
