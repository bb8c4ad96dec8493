import { createWire } from '../../engine/reconnecting.ts'
import { requestMaker } from '../../http/request.ts'
import { streamPolicy } from '../../policy/retry-policy.ts'
import type { Provider } from '../../provider.ts'
import type { Wire } from '../../wire.ts'
import { requireDurableStreamOptions } from './check-options.ts'
import type { DurableStreamOptions } from './options.ts'
import { START } from './protocol.ts'
import { StreamReader } from './stream-reader.ts'
import { StreamSession } from './stream-session.ts'

/**
 * Reads a stream of the Durable Streams protocol: first what it has, from an offset on, then what is appended. After a
 * lost connection it continues at the last offset, so each message arrives once.
 *
 * - The messages of a batch arrive together, when the server has said where the batch ends. The last of them has that
 *   offset as its `id`: pass it as `resumeFrom` to continue after it.
 * - A JSON stream delivers each element, a `text/*` stream its text in pieces, any other stream its bytes in pieces
 *   (`Uint8Array`).
 * - The server ends an event stream about once a minute. The next request belongs to the same attempt.
 * - A closed stream completes the wire after its last message. With `live: false`, the tail does.
 * - A lost connection, a missed time limit and retryable statuses become `waiting`. A final status fails with an
 *   `HttpError`, as does a response without an offset; 410 as `onGone` says. A batch over `maxBytes` fails with kind
 *   `overflow`.
 *
 * @param url The URL of the stream, or a function that returns it for each request.
 * @throws TypeError if the URL or an option is invalid.
 *
 * @example
 * ```ts
 * import { fromDurableStream, json, messages } from 'rxwire'
 *
 * fromDurableStream('/streams/chat', {
 *   decode: json<{ text: string }>(),
 *   resumeFrom: localStorage.getItem('offset') ?? '-1',
 * })
 *   .pipe(messages())
 *   .subscribe(({ text }) => console.info(text))
 * ```
 */
export function fromDurableStream<T = unknown>(
  url: Provider<string | URL>,
  options: DurableStreamOptions<T> = {},
): Wire<T> {
  requireDurableStreamOptions(url, options)
  return createWire(
    (memory) => {
      const session = new StreamSession(options, requestMaker(url, options, memory))
      return (attempt) => new StreamReader(session, attempt).run()
    },
    // Without a resume point, the server no longer has the one that there was.
    { ...streamPolicy(options.reconnect), resumeFrom: options.resumeFrom ?? START, onGone: options.onGone },
  )
}
