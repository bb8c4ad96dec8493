import { lastValueFrom } from 'rxjs'
import { createRun, decode, fromEventSource, fromFetch, fromFetchStream, messages, type SseMessage, sse } from 'rxwire'
import type { FakeNetwork } from 'rxwire/testing'

/** Ends an answer. It is no message. */
export const END = 'end'

const textOf = decode(({ data }: SseMessage<string>) => data)

/** A run whose server accepts a POST and delivers the answer from a log. */
export function loggedRun(net: FakeNetwork, respond: () => unknown = () => new Response(null, { status: 202 })) {
  const posts = net.route('POST', '/answers/:runId', respond)
  const stops = net.route('DELETE', '/answers/:runId', () => undefined)
  const log = net.log('/log')
  const attached: { readonly id: string; readonly runId: string; readonly resumeFrom: string | undefined }[] = []
  const run = createRun({
    start: (prompt: string, { runId }) =>
      lastValueFrom(fromFetch(`/answers/${runId}`, { method: 'POST', json: { prompt } }).pipe(messages())),
    resume: (point) => {
      attached.push(point)
      return fromEventSource('/log', { resumeFrom: point.resumeFrom, endMarker: END })
    },
    stop: ({ runId }) => fromFetch(`/answers/${runId}`, { method: 'DELETE' }),
  })
  return { run, posts, stops, log, attached }
}

/**
 * A run whose server streams the answer in the response to the POST, and to each GET. `cut` drops the connection, and
 * `hold` keeps it open.
 */
export function streamedRun(net: FakeNetwork, post: readonly string[], ...gets: readonly (readonly string[])[]) {
  async function* body(events: readonly string[]) {
    for (const event of events) {
      if (event === 'cut') throw new Error('cut')
      if (event === 'hold') await new Promise(() => {})
      yield `${event}\n\n`
    }
  }
  const type = { contentType: 'text/event-stream' }
  const attached: (string | undefined)[] = []
  const posts = net.route('POST', '/answer', () => body(post), type)
  const reads = net.route(
    'GET',
    '/answer',
    () => {
      const events = gets[attached.length - 1]
      return events === undefined ? undefined : body(events)
    },
    type,
  )
  const run = createRun({
    start: (prompt: string) =>
      fromFetchStream('/answer', { method: 'POST', json: { prompt }, decode: sse(), endMarker: END }).pipe(textOf),
    resume: ({ resumeFrom }) => {
      attached.push(resumeFrom)
      return fromFetchStream('/answer', { decode: sse(), endMarker: END, resumeFrom }).pipe(textOf)
    },
  })
  return { run, posts, reads, attached }
}
