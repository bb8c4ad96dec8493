import { type Frame, frameBytes } from '../frame.ts'
import { isFormData, isSearchParams } from '../host-object.ts'

/** How many bytes a body is on its way; `undefined` for a form, which only the browser can measure. */
export function bodyBytes(body: Frame | URLSearchParams | FormData | undefined): number | undefined {
  if (body === undefined) return 0
  if (isFormData(body)) return undefined
  return frameBytes(isSearchParams(body) ? String(body) : body)
}
