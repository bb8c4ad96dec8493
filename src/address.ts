import { hostWithPort, NO_PAGE } from './advice.ts'
import { isUrl } from './host-object.ts'

/** The schemes of HTTP transports. `blob:` and `data:` are content of the page itself. */
const HTTP_SCHEMES: readonly string[] = ['http:', 'https:', 'blob:', 'data:']
/** The schemes of an address that a server has sent. */
export const HTTP_ONLY: readonly string[] = ['http:', 'https:']
/** The schemes of a WebSocket. HTTP ones are translated. */
export const SOCKET_SCHEMES: readonly string[] = ['ws:', 'wss:', 'http:', 'https:']

// [spec] Fetch §2.9, "bad port": browsers never connect to these, and report it like a network failure.
const BAD_PORTS: ReadonlySet<string> = new Set(
  (
    '0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 ' +
    '135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 ' +
    '1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080'
  ).split(' '),
)

/**
 * Parses a URL that a transport will request.
 *
 * @param base The URL of the page, for a relative URL.
 * @throws TypeError if it is no URL, or if no host would request it. The message shows no secret.
 */
export function parseAddress(
  option: string,
  value: unknown,
  base: string | undefined,
  schemes: readonly string[] = HTTP_SCHEMES,
): URL {
  const url = tryUrl(value, base)
  if (url === undefined) {
    throw new TypeError(`${option} must be a valid URL, got ${shown(value)}${base === undefined ? NO_PAGE : ''}`)
  }
  // Browsers refuse to fetch these, and a log of the URL would contain the password.
  if (url.username !== '' || url.password !== '') throw new TypeError(`${option} must not contain credentials`)
  // The pages of some hosts (Capacitor, Electron, extensions) have schemes of their own.
  if (!schemes.includes(url.protocol) && !base?.startsWith(url.protocol)) {
    const advice = hostWithPort(url, addressOf)
    throw new TypeError(`${option} must have one of the schemes ${schemes.join(' ')}, got ${url.protocol}${advice}`)
  }
  if (BAD_PORTS.has(url.port)) throw new TypeError(`${option} has the port ${url.port}, which browsers block`)
  return url
}

/**
 * Returns the URL for messages. Messages end up in logs, so it has no query, fragment, user name or password, and
 * nothing of the content of `data:` and `blob:`.
 */
export function addressOf(url: string | URL): string {
  const text = String(url).replace(/[?#].*$/s, '')
  const scheme = /^[a-z][a-z\d+.-]*:/i.exec(text)?.[0].toLowerCase() ?? ''
  if (['data:', 'blob:', 'javascript:'].includes(scheme)) return `${scheme}…`
  return text.replace(/^([a-z][a-z\d+.-]*:)?\/\/[^/]*@/i, '$1//')
}

function tryUrl(value: unknown, base: string | undefined): URL | undefined {
  if (typeof value !== 'string' && !isUrl(value)) return undefined
  try {
    return new URL(value, base)
  } catch {
    return undefined
  }
}

function shown(value: unknown): string {
  // A password with a slash makes a URL invalid. Its part after the slash must not look like a path.
  return typeof value === 'string' ? `'${addressOf(value).replace(/^([^/]*\/\/).*@/s, '$1')}'` : typeof value
}
