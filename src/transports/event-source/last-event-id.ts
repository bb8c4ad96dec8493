/** The url with the last event id in its query, if there is one. */
export function withLastEventId(url: string, parameter: string, lastEventId: string | undefined): string {
  if (!lastEventId) return url
  const target = new URL(url)
  target.searchParams.set(parameter, lastEventId)
  return target.href
}
