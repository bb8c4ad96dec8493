/**
 * Returns the delay that a response asks for. A date refers to the clock of the server, which may differ from ours, so
 * it is measured from the `Date` of the response. Across origins that header is usually hidden.
 *
 * @returns Milliseconds; `undefined` if the response does not ask for a delay.
 */
export function retryAfterOf(headers: Headers, nowMs: number): number | undefined {
  // Used by several model providers, and more exact.
  const exactMs = parseNumber(headers.get('retry-after-ms'), 1)
  if (exactMs !== undefined) return exactMs
  const serverNowMs = Date.parse(headers.get('date') ?? '')
  return parseRetryAfter(headers.get('retry-after'), Number.isNaN(serverNowMs) ? nowMs : serverNowMs)
}

/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3): a number of seconds, or a date.
 *
 * @returns Milliseconds from `nowMs`, never negative; `undefined` if the header is missing or invalid.
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const delayMs = parseNumber(value, 1_000)
  if (delayMs !== undefined) return delayMs
  const text = value?.trim() ?? ''
  // `Date.parse` reads "1.5" as a month. All three date formats of HTTP have the name of the day and a time.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(text)) return undefined
  // [spec] The asctime format has no time zone, and means GMT.
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}

/** Some servers send a fraction. The result is never less than what the server asks for. */
function parseNumber(value: string | null, unitMs: number): number | undefined {
  const text = value?.trim() ?? ''
  return /^\d+(?:\.\d*)?$/.test(text) ? Math.min(Math.ceil(Number(text) * unitMs), Number.MAX_SAFE_INTEGER) : undefined
}
