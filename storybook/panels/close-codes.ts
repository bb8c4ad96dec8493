/** A close code, as RFC 6455 and the IANA registry have it, and why it is met as it is. */
export interface CloseCode {
  readonly code: number
  readonly meaning: string
  readonly why: string
}

export const closeCodes: readonly CloseCode[] = [
  { code: 1000, meaning: 'normal closure', why: 'The purpose is fulfilled: the wire completes.' },
  {
    code: 1001,
    meaning: 'going away',
    why: 'The server shuts down and its successor will answer. All were dropped at once, so the first window is wide.',
  },
  { code: 1002, meaning: 'protocol error', why: 'The same bytes would be wrong again.' },
  { code: 1003, meaning: 'unsupported data', why: 'The same kind of data would be refused again.' },
  { code: 1005, meaning: 'no status received', why: 'An orderly end that does not say why: it may pass.' },
  { code: 1006, meaning: 'abnormal closure', why: 'The connection was lost. No frame says so: the browser does.' },
  { code: 1007, meaning: 'invalid payload data', why: 'The same text would be invalid again.' },
  { code: 1008, meaning: 'policy violation', why: 'A rule forbids it, and will in a second.' },
  { code: 1009, meaning: 'message too big', why: 'The same message would be too big again.' },
  { code: 1010, meaning: 'mandatory extension', why: 'The extensions stay the same.' },
  { code: 1011, meaning: 'internal error', why: 'A 500 by another name: it may pass.' },
  {
    code: 1012,
    meaning: 'service restart',
    why: 'All were dropped at once: the first window is 5 s wide instead of one.',
  },
  {
    code: 1013,
    meaning: 'try again later',
    why: 'The server is overloaded: the first window is 5 s wide instead of one.',
  },
  { code: 1014, meaning: 'bad gateway', why: 'A 502 by another name: what stands behind it may come back.' },
  {
    code: 3000,
    meaning: 'unauthorized',
    why: 'The token may have expired: the wire retries once with fresh credentials.',
  },
  { code: 3003, meaning: 'forbidden', why: 'The credentials are valid, but not for this.' },
  { code: 3008, meaning: 'timeout', why: 'This end was too slow. Another attempt may succeed.' },
  {
    code: 4000,
    meaning: 'yours to define',
    why: 'Reconnects unless closeCodes maps it: an unknown code may not be final.',
  },
]
