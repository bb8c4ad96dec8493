import type { Attempt } from '../../attempt.ts'
import { isResumePoint } from '../../resume-point.ts'
import type { EventSourceSession } from './options.ts'

/** Adds the last event id to the query of a URL, if there is one. */
export function withLastEventId(url: string, parameter: string, lastEventId: string | undefined): string {
  if (!lastEventId) return url
  const target = new URL(url)
  target.searchParams.set(parameter, lastEventId)
  return target.href
}

/**
 * Some servers replay from the last id instead of after it. Returns a function that recognizes the event that was
 * received last with an id. Only the first event of a connection can be a replay, and only with the same id and the same
 * text. An event that reuses the id with another text is delivered.
 */
export function replayGuard<T>(
  session: EventSourceSession<T>,
  { cursor }: Attempt<T>,
): (ownId: string | undefined, text: string) => boolean {
  const { lastText } = session
  let isFirst = true
  return (ownId, text) => {
    const isReplayed = isFirst && cursor !== undefined && ownId === cursor && (lastText ?? text) === text
    isFirst = false
    // The server resumes after an event with an id, whatever followed it.
    if (ownId !== undefined && isResumePoint(ownId)) session.lastText = text
    return isReplayed
  }
}
