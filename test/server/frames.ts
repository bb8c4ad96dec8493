import type { WebSocket } from 'ws'
import { sleep, turn } from './event-stream.ts'
import type { SocketVisit } from './scenario.ts'

/** Sends texts in one piece, as fast as the reader reads. Returns whether there still is one. */
export async function send({ request, socket }: SocketVisit, texts: readonly string[]): Promise<boolean> {
  if (socket.readyState !== socket.OPEN) return false
  request.socket.cork()
  const written = texts.map((text) => new Promise<void>((resolve) => socket.send(text, () => resolve())))
  request.socket.uncork()
  await written.at(-1)
  await turn()
  return socket.readyState === socket.OPEN
}

/** Sends the numbers after this one, up to `?count=`, one every `?everyMs=` or without a pause. Returns whether somebody still reads. */
export async function sendNumbers(visit: SocketVisit, after: number, frame: (n: number) => string): Promise<boolean> {
  const count = Number(visit.query.get('count') ?? 10)
  const everyMs = Number(visit.query.get('everyMs') ?? 0)
  let n = after
  while (n < count) {
    // A few at a time: a write of its own for each would measure the kernel, one for all could not be cut.
    const size = Math.min(everyMs > 0 ? 1 : 20, count - n)
    const texts: string[] = []
    while (texts.length < size) texts.push(frame(++n))
    if (!(await send(visit, texts))) return false
    if (everyMs > 0) await sleep(everyMs)
  }
  return true
}

/** Hands on each text as it comes. Binary frames are passed over. */
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

/** The place after which a client wants to go on, from `{"after": "<id>"}`: an empty id is the beginning. */
export function placeIn({ after }: Readonly<Record<string, unknown>>): number | undefined {
  return typeof after === 'string' && Number.isFinite(Number(after)) ? Number(after) : undefined
}
