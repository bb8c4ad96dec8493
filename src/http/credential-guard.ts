import { WireError } from '../errors.ts'
import { shownUrl } from './shown-url.ts'

// RFC 9110 §11: what says who somebody is.
const CREDENTIAL_HEADERS = ['authorization', 'proxy-authorization', 'cookie']

/** A request, as far as it says who somebody is, and to whom. */
interface Introduction {
  readonly url: string
  readonly headers: Headers
  readonly credentials: RequestCredentials
  readonly user?: string | undefined
}

/**
 * Keeps credentials where they were given to. A url that is computed for each attempt may lead to another origin
 * than the first, by mistake or by somebody's doing.
 *
 * @param allowed Origins that may be given the credentials as well.
 * @returns A check of each request of one subscription. It throws a `WireError` that is final.
 */
export function credentialGuard(allowed: readonly string[] = []): (request: Introduction) => void {
  let home: string | undefined
  return (request) => {
    const { origin } = new URL(request.url)
    home ??= origin
    if (origin === home || allowed.includes(origin) || !hasCredentials(request)) return
    throw new WireError(
      'network',
      `${shownUrl(request)} is of another origin than the first attempt (${home}), and the request has credentials. ` +
        `If they may go there, say so: credentialOrigins: ['${origin}'].`,
    )
  }
}

function hasCredentials({ headers, credentials, user }: Introduction): boolean {
  return credentials === 'include' || user !== undefined || CREDENTIAL_HEADERS.some((name) => headers.has(name))
}
