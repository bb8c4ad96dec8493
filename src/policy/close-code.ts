import { requireOneOf } from '../validate.ts'

/**
 * What the end of a connection means for the one after it: `'complete'`, the other side is done; `'reconnect'`;
 * `'refresh'`, once more with fresh credentials, and if those are refused too, kind `auth`; `'fail'`.
 */
export type CloseVerdict = 'complete' | 'reconnect' | 'refresh' | 'fail'

interface CloseRule {
  readonly meaning: string
  readonly verdict: CloseVerdict
}

// RFC 6455 §7.4 and the IANA registry "WebSocket Close Code Number". What is not here reconnects: nobody can
// know that it is final, and the backoff keeps a mistake cheap.
const RULES: Readonly<Record<number, CloseRule>> = {
  1000: { meaning: 'normal closure', verdict: 'complete' }, // the purpose is fulfilled
  1001: { meaning: 'going away', verdict: 'reconnect' }, // the server shuts down; its successor will answer
  1002: { meaning: 'protocol error', verdict: 'fail' }, // the same bytes would be wrong again
  1003: { meaning: 'unsupported data', verdict: 'fail' }, // the same kind of data would be refused again
  1004: { meaning: 'reserved', verdict: 'fail' }, // means nothing: whoever sends it is broken
  1005: { meaning: 'no status received', verdict: 'reconnect' }, // an orderly end that does not say why
  1006: { meaning: 'abnormal closure', verdict: 'reconnect' }, // the connection was lost
  1007: { meaning: 'invalid payload data', verdict: 'fail' }, // the same text would be invalid again
  1008: { meaning: 'policy violation', verdict: 'fail' }, // a rule forbids it, and will in a second
  1009: { meaning: 'message too big', verdict: 'fail' }, // the same message would be too big again
  1010: { meaning: 'mandatory extension', verdict: 'fail' }, // the extensions stay the same
  1011: { meaning: 'internal error', verdict: 'reconnect' }, // a 500: it may pass
  1012: { meaning: 'service restart', verdict: 'reconnect' }, // everybody was dropped at once: wide first window
  1013: { meaning: 'try again later', verdict: 'reconnect' }, // overload: wide first window
  1014: { meaning: 'bad gateway', verdict: 'reconnect' }, // a 502: what stands behind it may come back
  1015: { meaning: 'TLS handshake', verdict: 'fail' }, // the certificate stays the same
  3000: { meaning: 'unauthorized', verdict: 'refresh' }, // a 401: the token may merely have expired
  3003: { meaning: 'forbidden', verdict: 'fail' }, // a 403: who it is is known, and may not
  3008: { meaning: 'timeout', verdict: 'reconnect' }, // a 408: this end was too slow
}

/** What each close code means to a caller, where it differs from the table. */
export type CloseCodes = Readonly<Record<number, CloseVerdict>>

/** How a connection ended, as a host tells it. */
export interface CloseInfo {
  readonly code: number
  readonly reason: string
  readonly wasClean: boolean
}

/**
 * The end as RFC 6455 §7.4 has it: a frame with a code that nobody may send is broken, so the connection ended without
 * one. Firefox hands such a code on, and calls that clean.
 */
export function normalizeClose({ code, reason, wasClean }: CloseInfo): CloseInfo {
  const isForbidden = code === 1004 || code === 1006 || (code >= 1015 && code < 3000)
  return wasClean && isForbidden ? { code: 1006, reason: '', wasClean: false } : { code, reason, wasClean }
}

export function closeVerdict(code: number, overruled: CloseCodes = {}): CloseVerdict {
  return overruled[code] ?? RULES[code]?.verdict ?? 'reconnect'
}

/** The registered name of a code; `undefined` where there is none. */
export function closeMeaning(code: number): string | undefined {
  return RULES[code]?.meaning
}

export function requireCloseCodes(codes: CloseCodes = {}): void {
  for (const [code, verdict] of Object.entries(codes)) {
    if (!/^[1-4]\d{3}$/.test(code)) throw new TypeError(`closeCodes: ${code} is no close code`)
    requireOneOf(`closeCodes: ${code}`, verdict, ['complete', 'reconnect', 'refresh', 'fail'])
  }
}
