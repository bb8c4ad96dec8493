import type { WebSocket } from 'ws'
import { sleep, turn } from './event-stream.ts'
import type { SocketVisit } from './scenario.ts'

/** Sends texts in one write, as fast as the client reads. Resolves with whether the client is still connected. */
export async function send({ request, socket }: SocketVisit, texts: readonly string[]): Promise<boolean> {
  if (socket.readyState !== socket.OPEN) return false
  request.socket.cork()
  const written = texts.map((text) => new Promise<void>((resolve) => socket.send(text, () => resolve())))
  request.socket.uncork()
  await written.at(-1)
  await turn()
  return socket.readyState === socket.OPEN
}

/**
 * Sends the numbers after `after` up to `?count=` or to `limit`, one every `?everyMs=` or without a pause. Resolves with whether the
 * client is still connected.
 */
export async function sendNumbers(
  visit: SocketVisit,
  after: number,
  frame: (n: number) => string,
  limit: number = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const count = Math.min(limit, Number(visit.query.get('count') ?? 10))
  const everyMs = Number(visit.query.get('everyMs') ?? 0)
  let n = after
  while (n < count) {
    // Small batches: one write per number would be slow, and a single write for all could not be cut.
    const size = Math.min(everyMs > 0 ? 1 : 20, count - n)
    const texts: string[] = []
    while (texts.length < size) texts.push(frame(++n))
    if (!(await send(visit, texts))) return false
    if (everyMs > 0) await sleep(everyMs)
  }
  return true
}

/** Calls the listener with each text message. Binary messages are ignored. */
export function onText(socket: WebSocket, listener: (text: string) => void): void {
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) listener(data.toString())
  })
}

/** The fields of a JSON object; none if the text is anything else. */
export function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** The id to resume after, from `{"after": "<id>"}`. An empty id is the start. */
export function placeIn({ after }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof after === 'string' && Number.isFinite(Number(after)) ? Number(after) : undefined
}
