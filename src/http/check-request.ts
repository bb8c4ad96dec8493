import { baseUrl } from '../platform/globals.ts'
import { requirePositive, requireUrl } from '../validate.ts'
import { type RequestOptions, requireRequestOptions } from './request.ts'

/** @throws TypeError if the url or an option of a request is invalid. */
export function requireRequestWireOptions(
  url: unknown,
  options: RequestOptions & { readonly timeoutMs?: number | undefined },
): void {
  requireUrl('url', url, baseUrl())
  requireRequestOptions(options)
  requirePositive('timeoutMs', options.timeoutMs)
}
