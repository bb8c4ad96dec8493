/** The address that relative urls start from; `undefined` on hosts without one. */
export function baseUrl(): string | undefined {
  return typeof location === 'undefined' ? undefined : location.href
}

/** Whether a url leads to another origin than the page's own. Always `false` where there is no page. */
export function isCrossOrigin(url: string): boolean {
  const base = baseUrl()
  return base !== undefined && new URL(url, base).origin !== new URL(base).origin
}
