import type { ResolvedRequest } from './request.ts'

/** Where an answer came from, redirects followed, by what the host says of it: not every one does. */
export function answeredFrom(request: ResolvedRequest, url: string): string {
  return url === '' ? request.url : url
}
