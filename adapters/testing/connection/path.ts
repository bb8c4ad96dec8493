/**
 * Returns whether a URL matches a path, and the values of its parameters: `/users/:id` has one, `/files/*` matches
 * everything below. A path that starts with an origin matches only there.
 */
export function matcher(path: string): (url: URL) => Readonly<Record<string, string>> | undefined {
  const origin = /^(\w+:\/\/[^/]+)/.exec(path)?.[1]
  if (!path.startsWith('/', origin?.length)) throw new TypeError(`A path must start with /, got ${path}`)
  const segments = path.slice(origin?.length ?? 0).split('/')
  const isOpen = segments.at(-1) === '*'
  if (isOpen) segments.pop()
  return (url) => {
    if (origin !== undefined && httpOrigin(url) !== httpOrigin(new URL(origin))) return undefined
    const parts = url.pathname.split('/')
    if (isOpen ? parts.length < segments.length : parts.length !== segments.length) return undefined
    const params: Record<string, string> = {}
    for (const [at, segment] of segments.entries()) {
      const part = parts[at] ?? ''
      if (segment.startsWith(':')) params[segment.slice(1)] = decodeURIComponent(part)
      else if (segment !== part) return undefined
    }
    return params
  }
}

/** The origin of a URL, with that of `ws:` as the one of `http:`. */
export function httpOrigin({ protocol, host }: URL): string {
  return `${protocol.replace(/^ws/, 'http')}//${host}`
}
