/** What a refusing status means for the attempt after it. */
export type StatusVerdict = 'retry' | 'refresh' | 'final'

const VERDICTS: Readonly<Record<number, StatusVerdict>> = {
  401: 'refresh', // credentials are missing or have expired: ask for fresh ones, once
  408: 'retry', // the server was tired of waiting for the request
  425: 'retry', // too early: the same request is fine a moment later (RFC 8470)
  429: 'retry', // too many requests: later, usually with Retry-After
  501: 'final', // the method is not implemented, and will not be in a second
  505: 'final', // nor will this version of HTTP
  511: 'final', // a captive portal wants a person to log in
}

/** The table of what is retryable: the exceptions by name; besides them 5xx may pass, and all else is final. */
export function statusVerdict(status: number): StatusVerdict {
  return VERDICTS[status] ?? (status >= 500 ? 'retry' : 'final')
}
