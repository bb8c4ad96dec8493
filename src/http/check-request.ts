import { requirePositive } from '../validate.ts'
import { requireTarget } from './base-url.ts'
import { type RequestOptions, requireRequestOptions } from './request.ts'

/** @throws TypeError if the url or an option of a request is invalid. */
export function requireRequestWireOptions(
  url: unknown,
  options: RequestOptions & { readonly timeoutMs?: number | undefined },
): void {
  requireTarget(url, options)
  requireRequestOptions(options)
  requirePositive('timeoutMs', options.timeoutMs)
}
