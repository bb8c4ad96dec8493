// Requests with longer headers are refused by many servers (431).
const MAX_LENGTH = 4_096

// [spec] RFC 9110 §5.5: a header value cannot contain control characters, and loses the spaces around it. Other
// characters travel as UTF-8.
const NOT_CARRIED = /^[ \t]|[ \t]$|[^\P{Cc}\t]/u

/**
 * Returns whether an id can be sent back to the server. A message with another id is delivered without it, and the
 * resume point stays where it was, so the server sends the message again after a lost connection.
 */
export function isResumePoint(id: unknown): id is string {
  if (typeof id !== 'string' || id === '' || id.length > MAX_LENGTH) return false
  return isVisibleAscii(id) || !NOT_CARRIED.test(id)
}

/** Hot path: most ids are, and this is faster than the check for any character. */
function isVisibleAscii(id: string): boolean {
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index)
    if (code <= 32 || code >= 127) return false
  }
  return true
}

/**
 * Checks where a caller wants to resume. An empty text means from the start, like the last event id of `EventSource`.
 *
 * @throws TypeError if it cannot be sent to the server.
 */
export function requireResumePoint(option: string, id: unknown): void {
  if (id === undefined || id === '' || isResumePoint(id)) return
  throw new TypeError(`${option} must be an id that a header can carry, of at most ${MAX_LENGTH} characters`)
}
