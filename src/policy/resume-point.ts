// Requests with longer headers are refused by many servers (431).
const MAX_LENGTH = 4_096

// [spec] RFC 9110 §5.5: a header value cannot contain control characters, and loses the spaces around it. Other
// characters travel as UTF-8.
const NOT_CARRIED = /^[ \t]|[ \t]$|[^\P{Cc}\t]/u

/**
 * Returns whether an id can be sent back to the server. A message with another id is delivered without it, and the
 * resume point stays where it was, so the server sends the message again after a lost connection.
 */
export function isResumePoint(id: string): boolean {
  return id !== '' && id.length <= MAX_LENGTH && (isVisibleAscii(id) || !NOT_CARRIED.test(id))
}

/** Hot path: most ids are, and this is faster than the check for any character. */
function isVisibleAscii(id: string): boolean {
  for (let index = 0; index < id.length; index += 1) {
    const code = id.charCodeAt(index)
    if (code <= 32 || code >= 127) return false
  }
  return true
}
