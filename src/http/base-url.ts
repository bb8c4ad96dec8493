import { HTTP_ONLY, parseAddress } from '../address.ts'
import { baseUrl as pageUrl } from '../platform/globals.ts'
import { requireUrl } from '../validate.ts'

/** The option for the base of relative URLs. */
export interface BaseUrlOptions {
  /**
   * The base of a relative url, as with `<base href>`: below `'https://api.example/v1/'`, `'ticks'` is `/v1/ticks` and
   * `'/ticks'` is `/ticks`. It may be relative to the page. Credentials then belong to its origin: a url that leads to
   * another one fails, unless `credentialOrigins` has it. Default: the URL of the page.
   */
  readonly baseUrl?: string | URL | undefined
}

/** Returns the base of relative URLs; `undefined` on hosts without a page. */
export function baseOf({ baseUrl }: BaseUrlOptions): string | undefined {
  return baseUrl === undefined ? pageUrl() : parseAddress('baseUrl', baseUrl, pageUrl(), HTTP_ONLY).href
}

/** Checks a fixed URL, and its base. The result of a function is checked when it is called. */
export function requireTarget(url: unknown, { baseUrl }: BaseUrlOptions, schemes?: readonly string[]): void {
  // During SSR a relative URL is valid: the browser will resolve it.
  const page = pageUrl() ?? 'http://localhost'
  const base = baseUrl === undefined ? page : parseAddress('baseUrl', baseUrl, page, HTTP_ONLY).href
  requireUrl('url', url, base, schemes)
}
