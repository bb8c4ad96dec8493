/** The address that relative urls start from; `undefined` on hosts without one. */
export function baseUrl(): string | undefined {
  return typeof location === 'undefined' ? undefined : location.href
}

/** The page's own origin; `undefined` where there is no page. */
export function pageOrigin(): string | undefined {
  const base = baseUrl()
  return base === undefined ? undefined : new URL(base).origin
}
