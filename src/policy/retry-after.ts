/**
 * Reads a `Retry-After` header (RFC 9110 §10.2.3): a number of seconds, or a date.
 *
 * @returns Milliseconds from `nowMs`, never negative; `undefined` if there is none or it makes no sense.
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+$/.test(text)) return Number(text) * 1_000
  // Only the date forms of HTTP begin with the name of a day: `Date.parse` alone would take "1.5" for a month.
  if (!/^[A-Z][a-z]+,? /.test(text)) return undefined
  const date = Date.parse(text)
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
