import type { Choice } from './choice.ts'

/** Real time is expensive: over real connections, a second of a session takes this many milliseconds. */
export const FUZZ_MS_PER_SECOND = 10

/** What a server sends in response to one request. */
export interface Answer {
  /** How long the head takes, in milliseconds. `Infinity`: it never arrives. */
  readonly afterMs: number
  /** 0: the connection is dropped instead. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly pieces: readonly { readonly afterMs: number; readonly bytes: Uint8Array<ArrayBuffer> }[]
  readonly end: 'end' | 'reset' | 'silence'
}

/** The response of a server that behaves well. */
export interface Content {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  /** How long the server holds the request, in milliseconds. Default: a random short time. */
  readonly afterMs?: number
}

const STATUSES = [200, 204, 206, 304, 401, 403, 404, 408, 409, 410, 413, 423, 429, 500, 502, 503, 504, 511] as const

const HEADERS: readonly [string, readonly [string, ...string[]]][] = [
  [
    'retry-after',
    ['1', '0', '2.5', '-3', '999999999999', 'soon', 'Wed, 21 Oct 2065 07:28:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ],
  ['etag', ['"#"', 'W/"#"', 'unquoted', '"a"b"']],
  ['last-modified', ['Thu, 01 Jan 2026 00:00:00 GMT', 'yesterday']],
  ['location', ['/elsewhere', 'https://elsewhere.invalid/', 'http://[', 'mailto:a@example.com']],
  ['content-type', ['text/html', 'application/json', 'text/event-stream', 'nonsense', '']],
  ['content-range', ['bytes 0-1/2', 'bytes 7-3/9', 'bytes */*', 'nonsense']],
  ['upload-offset', ['0', '-1', '7', '999999', 'many', '']],
  ['x-next', ['#', 'x'.repeat(5_000), '']],
]

const BODIES = [
  '',
  '{"n":',
  '<!doctype html><title>Login</title>',
  'x'.repeat(100_000),
  Uint8Array.of(0xff, 0xfe, 0x00, 0xc3, 0x28),
  'id: 7',
] as const

const MAX_PAUSE_MS = 3_000

/** An answer that has nothing to do with the request. */
export function badAnswer(choice: Choice): Answer {
  if (choice.chance(0.15)) return { ...EMPTY, status: 0, afterMs: choice.below(MAX_PAUSE_MS) }
  if (choice.chance(0.1)) return { ...EMPTY, afterMs: Number.POSITIVE_INFINITY }
  const headers: Record<string, string> = Object.fromEntries(
    HEADERS.flatMap(([name, values]) => (choice.chance(0.3) ? [[name, unique(choice.of(values), choice)]] : [])),
  )
  const status = choice.of(STATUSES)
  // An empty document with validators would be a version of it.
  if (status === 204) for (const name of ['etag', 'last-modified']) delete headers[name]
  return sent({ status, headers, body: choice.of(BODIES) }, choice, 0.5)
}

/** A server that repeats a validator says that nothing has changed. */
function unique(value: string, choice: Choice): string {
  return value.replace('#', String(1e6 + choice.below(1e9)))
}

const EMPTY: Answer = { afterMs: 0, status: 200, headers: {}, pieces: [], end: 'end' }

/** How a response travels: in pieces, some of them late, and not always until its end. */
export function sent(content: Content, choice: Choice, badness: number): Answer {
  const bytes = typeof content.body === 'object' ? content.body : new TextEncoder().encode(content.body ?? '')
  const isCut = choice.chance(badness / 2)
  const noise = choice.chance(badness / 10) ? Uint8Array.of(0xef, 0xff, 0x80) : new Uint8Array()
  const whole = new Uint8Array([...bytes, ...noise])
  const kept = whole.subarray(0, isCut ? choice.below(whole.length + 1) : whole.length)
  const length = choice.chance(badness / 10) ? choice.of([0, kept.length + 7, 1e15]) : undefined
  return {
    afterMs: content.afterMs ?? pause(choice),
    status: content.status,
    headers: { ...content.headers, ...(length !== undefined && { 'content-length': String(length) }) },
    // [spec] RFC 9110 §6.4.1: these have no body.
    pieces: [204, 304].includes(content.status) ? [] : piecesOf(kept, choice),
    end: isCut ? choice.of(['end', 'reset', 'silence']) : choice.chance(badness / 10) ? 'silence' : 'end',
  }
}

function piecesOf(bytes: Uint8Array<ArrayBuffer>, choice: Choice): Answer['pieces'] {
  const pieces: { afterMs: number; bytes: Uint8Array<ArrayBuffer> }[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = choice.chance(0.5) ? bytes.length : at + 1 + choice.below(bytes.length - at)
    pieces.push({ afterMs: pause(choice), bytes: bytes.slice(at, end) })
    at = end
  }
  return pieces
}

/** The same answer without any delay, and perhaps without an end. */
export function atOnce(answer: Answer, isDropped: boolean): Answer {
  const pieces = answer.pieces.map(({ bytes }) => ({ afterMs: 0, bytes }))
  const afterMs = answer.afterMs === Number.POSITIVE_INFINITY ? answer.afterMs : 0
  return { ...answer, pieces, afterMs, end: isDropped ? 'reset' : answer.end }
}

function pause(choice: Choice): number {
  return choice.chance(0.6) ? 0 : choice.below(MAX_PAUSE_MS)
}
