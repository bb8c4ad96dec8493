import type { XhrConstructor } from '../platform/implementations.ts'
import type { ResolvedRequest } from './request.ts'

/** How many GETs are under way, by url. */
const underWay = new Map<string, number>()
let companions = 0

/**
 * Gives a GET by XHR an answer of its own, also while another one for the same url is under way. WebKit answers equal
 * ones together, over one connection: whoever came late to a stream would be given its past as if it were new.
 *
 * @param xhr Opened, and not sent yet.
 */
export function askForOwnAnswer(xhr: InstanceType<XhrConstructor>, { method, url }: ResolvedRequest): void {
  if (method !== 'GET') return
  const count = () => underWay.get(url) ?? 0
  // It has no body whose language this could be. Of the headers that make a request another one, only those of
  // languages may be sent to another origin without asking it first.
  if (count() > 0) xhr.setRequestHeader('content-language', `x-${++companions}`)
  underWay.set(url, count() + 1)
  xhr.addEventListener('readystatechange', () => {
    if (xhr.readyState !== xhr.DONE) return
    if (count() > 1) underWay.set(url, count() - 1)
    else underWay.delete(url)
  })
}
