/**
 * How long an answer asks to be left alone. A date is meant by the server's clock, which may be far from ours, so
 * it is measured from the `Date` of the answer, where that can be read: across origins it seldom can.
 *
 * @returns Milliseconds; `undefined` if the answer does not say.
 */
export function retryAfterOf(headers: Headers, nowMs: number): number | undefined {
  const serverNowMs = Date.parse(headers.get('date') ?? '')
  return parseRetryAfter(headers.get('retry-after'), Number.isNaN(serverNowMs) ? nowMs : serverNowMs)
}

/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3): a number of seconds, or a date.
 *
 * @returns Milliseconds from `nowMs`, never negative; `undefined` if there is none or it makes no sense.
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, Number.MAX_SAFE_INTEGER)
  // `Date.parse` alone takes "1.5" for a month. All three date forms of HTTP name the day and have a time.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(text)) return undefined
  // [spec] The form of asctime names no zone, and means GMT.
  const date = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
