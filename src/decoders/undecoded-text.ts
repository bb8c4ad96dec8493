import { hint } from '../platform/hints.ts'

// Longer texts are not parsed for a hint.
const MAX_LENGTH = 100_000

/**
 * Returns the decoder of a wire without `decode`: it returns its input. In development, it gives a hint if the first text
 * is JSON, because `decode` was probably forgotten.
 *
 * @param transport The function of the caller that has the option, for the hint.
 */
export function undecoded<I, T>(transport: string): (input: I) => T {
  let isFirst = true
  return (input) => {
    if (isFirst && isJson(input)) hintForgottenDecode(transport)
    isFirst = false
    return input as unknown as T
  }
}

/** Whether a value is the text of an object or an array. Any number is JSON, too, but is more often meant as text. */
function isJson(input: unknown): boolean {
  if (typeof input !== 'string' || input.length > MAX_LENGTH || !/^\s*[{[]/.test(input)) return false
  try {
    JSON.parse(input)
    return true
  } catch {
    return false
  }
}

function hintForgottenDecode(transport: string): void {
  hint(
    'decode',
    `${transport} received JSON and delivers it as text, because it has no option decode. Pass ` +
      '`decode: (text) => JSON.parse(text)`, or a schema.',
  )
}
