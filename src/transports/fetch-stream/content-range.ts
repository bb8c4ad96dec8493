const FORM = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/

/** What a `Content-Range` says (RFC 9110 §14.4). */
export interface ContentRange {
  /** As it stands in the answer; `undefined` if there is none, or if it is hidden from other origins. */
  readonly text: string | undefined
  /** Where the part begins. */
  readonly from: number | undefined
  /** How many bytes there are in all. */
  readonly total: number | undefined
}

/** Reads the `Content-Range` of an answer; what makes no sense says nothing but its text. */
export function contentRangeOf(headers: Headers): ContentRange {
  const text = headers.get('content-range') ?? undefined
  const [, from, total] = FORM.exec(text ?? '') ?? []
  return { text, from: numberIn(from), total: numberIn(total) }
}

function numberIn(digits: string | undefined): number | undefined {
  return digits === undefined || digits === '*' ? undefined : Number(digits)
}
