import { fromAttempt } from '../../attempt.ts'
import { WireError } from '../../errors.ts'
import type { Provider } from '../../http/provider.ts'
import { provide } from '../../http/provider.ts'
import type { Implementations } from '../../platform/implementations.ts'
import { baseUrl } from '../../platform/origin.ts'
import type { AttemptSession } from '../../reconnecting.ts'
import type { Wire } from '../../wire.ts'
import { withLastEventId } from './last-event-id.ts'
import type { EventSourceOptions } from './options.ts'

/**
 * One attempt through the browser's EventSource. It is closed at the first error, before it reconnects by
 * itself on a fixed interval without jitter: the engine does that better, and tells of it.
 */
export function nativeAttempt(
  url: Provider<string | URL>,
  options: EventSourceOptions<unknown>,
  EventSourceConstructor: NonNullable<Implementations['EventSource']>,
  session: AttemptSession,
): Wire<string> {
  return fromAttempt(async (sink, signal) => {
    const target = new URL(await provide('url', url, session), baseUrl()).href
    if (signal.aborted) return
    const source = new EventSourceConstructor(
      withLastEventId(target, options.lastEventIdQuery ?? 'lastEventId', session.cursor),
      { withCredentials: options.credentials === 'include' },
    )
    signal.addEventListener('abort', () => source.close())

    // See the streamed engines: what a server replays from the last id, instead of after it, was delivered.
    let alreadyDelivered = session.cursor
    source.onopen = () => sink.open()
    source.onerror = () => {
      source.close()
      sink.fail(
        new WireError(
          'network',
          `${target} could not be reached, refused, or ended the stream: the native EventSource does not tell which.`,
          { retryable: true },
        ),
      )
    }
    const onMessage = ({ type, data, lastEventId }: MessageEvent<string>) => {
      if (lastEventId !== '') {
        if (lastEventId === alreadyDelivered) return
        alreadyDelivered = undefined
      }
      sink.message(data, lastEventId || session.cursor, type === 'message' ? undefined : type)
    }
    for (const name of options.events ?? ['message']) source.addEventListener(name, onMessage)
  })
}
