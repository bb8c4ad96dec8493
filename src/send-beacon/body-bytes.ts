import { type Frame, frameBytes } from '../frame.ts'

/** How many bytes a body is on its way; `undefined` for a form, which only the browser can measure. */
export function bodyBytes(body: Frame | URLSearchParams | FormData | undefined): number | undefined {
  if (body === undefined) return 0
  if (body instanceof FormData) return undefined
  return frameBytes(body instanceof URLSearchParams ? String(body) : body)
}
