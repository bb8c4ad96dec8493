/**
 * Whether there is no page, as on a server that renders: for frameworks whose reactive values also work there. A worker has no
 * page either.
 */
export function isServer(): boolean {
  // biome-ignore lint/style/noRestrictedGlobals: only whether it is there. Adapters cannot import src/platform.
  return typeof window === 'undefined'
}
