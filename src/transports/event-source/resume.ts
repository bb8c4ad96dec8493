import type { AttemptSession } from '../../reconnecting.ts'

/** The url with the last event id in its query, if there is one. */
export function withLastEventId(url: string, parameter: string, lastEventId: string | undefined): string {
  if (!lastEventId) return url
  const target = new URL(url)
  target.searchParams.set(parameter, lastEventId)
  return target.href
}

/**
 * Some servers replay from the last id instead of after it. Tells whether an event is the one that was delivered
 * last: only the first of a connection can be, if it has that id and, where one is known, that text. Ids that
 * are used again for something new are let through.
 *
 * @param session Asked when the guard is made, for the place where the connection begins.
 */
export function replayGuard({ cursor, last }: AttemptSession): (ownId: string | undefined, data: string) => boolean {
  let isFirst = true
  return (ownId, data) => {
    const isReplayed = isFirst && cursor !== undefined && ownId === cursor && (last === undefined || last.data === data)
    isFirst = false
    return isReplayed
  }
}
