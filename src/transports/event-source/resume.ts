/** The url with the last event id in its query, if there is one. */
export function withLastEventId(url: string, parameter: string, lastEventId: string | undefined): string {
  if (!lastEventId) return url
  const target = new URL(url)
  target.searchParams.set(parameter, lastEventId)
  return target.href
}

/**
 * Some servers replay from the last id instead of after it. Tells, id by id, whether an event is still one of
 * those that were delivered before the cut.
 */
export function replayGuard(cursor: string | undefined): (id: string | undefined) => boolean {
  let delivered = cursor
  return (id) => {
    if (id === undefined) return false
    if (id === delivered) return true
    delivered = undefined
    return false
  }
}
