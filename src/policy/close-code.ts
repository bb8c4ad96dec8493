import { callSync } from '../callback.ts'
import { requireOneOf } from '../validate.ts'

/**
 * What the end of a connection means for the next one: `'complete'`, the server is done; `'reconnect'`; `'refresh'`,
 * retry once with fresh credentials, and fail with kind `auth` if those are refused too; `'fail'`.
 */
export type CloseVerdict = 'complete' | 'reconnect' | 'refresh' | 'fail'

const VERDICTS: readonly CloseVerdict[] = ['complete', 'reconnect', 'refresh', 'fail']

const isVerdict = (value: unknown) => value === undefined || VERDICTS.some((verdict) => verdict === value)

/** The code that this end sends when the subscriber has left. */
export const NORMAL_CLOSURE = 1000
/** The code that this end sends when the server did not respond to a ping (IANA registry). */
export const TIMEOUT_CLOSURE = 3008

// [spec] RFC 6455 §7.4 and the IANA registry "WebSocket Close Code Number". Codes that are not listed reconnect: they
// may be final or not, and the backoff keeps a mistake cheap.
const RULES: Readonly<Record<number, CloseVerdict>> = {
  1000: 'complete', // normal closure: the purpose is fulfilled
  1002: 'fail', // protocol error: the same bytes would be wrong again
  1003: 'fail', // unsupported data: the same kind of data would be refused again
  1007: 'fail', // invalid payload data: the same text would be invalid again
  1008: 'fail', // policy violation: the same rule would be violated again
  1009: 'fail', // message too big: the same message would be too big again
  1010: 'fail', // mandatory extension: the offered extensions do not change
  3000: 'refresh', // unauthorized: like 401: the token may have expired
  3003: 'fail', // forbidden: like 403: known and not allowed
}

// Further columns of the table. They are separate so that a bundle contains only those it uses.

/** The server dropped all clients together, so their retries have to be spread. */
const HERD: readonly number[] = [1001, 1012, 1013]

/** Must not be sent in a close frame, and neither may 1015 to 2999. */
const FORBIDDEN: readonly number[] = [1004, 1006]

/** Overrides what a close code means. Codes that are not listed, or not returned, keep their default. */
export type CloseCodes =
  | Readonly<Record<number, CloseVerdict>>
  | ((code: number, reason: string) => CloseVerdict | undefined)

/** How a connection ended, as the host reports it. */
export interface CloseInfo {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/**
 * Returns how a connection ended by RFC 6455 §7.4. A close frame with a code that must not be sent is invalid, so the
 * connection ended without one (1006). Firefox reports such a code, and a clean end.
 */
export function normalizeClose({ code, reason, wasClean }: CloseInfo): CloseInfo {
  const isForbidden = FORBIDDEN.includes(code) || (code >= 1015 && code < 3000)
  return wasClean && isForbidden ? { code: 1006, reason: '', wasClean: false } : { code, reason, wasClean }
}

export function closeVerdict(code: number, overrides: CloseCodes = {}, reason = ''): CloseVerdict {
  const decide = () => (typeof overrides === 'function' ? overrides(code, reason) : overrides[code]) ?? undefined
  const override = callSync('closeCodes', decide, 'a verdict', isVerdict)
  return override ?? RULES[code] ?? 'reconnect'
}

export function isHerdClose(code: number | undefined): boolean {
  return code !== undefined && HERD.includes(code)
}

export function requireCloseCodes(codes: CloseCodes = {}): void {
  if (typeof codes === 'function') return
  for (const [code, verdict] of Object.entries(codes)) {
    if (!/^[1-4]\d{3}$/.test(code)) throw new TypeError(`closeCodes: ${code} is not a close code`)
    requireOneOf(`closeCodes: ${code}`, verdict, VERDICTS)
  }
}
