import type { IncomingMessage } from 'node:http'
import { lastEventId } from './event-stream.ts'
import type { KeyRecord, Lab } from './lab.ts'
import type { Caller } from './scenario.ts'

/** Records a request to a scenario, and counts how many this key has sent to it before. */
export function noteCaller(path: string, request: IncomingMessage, lab: Lab, body = ''): Caller {
  const query = queryOf(request)
  const key = query.get('key') ?? 'nobody'
  const { seen } = lab.of(key)
  const nth = seen.filter((earlier) => earlier.path === path).length
  seen.push({
    path,
    url: request.url ?? '',
    method: request.method ?? '',
    lastEventId: lastEventId({ request, query }),
    authorization: request.headers.authorization,
    idempotencyKey: request.headers['idempotency-key']?.toString(),
    protocols: request.headers['sec-websocket-protocol'],
    body,
  })
  return { request, query, key, nth, lab }
}

/** Counts a connection as open until it closes. */
export function countWhileOpen(
  record: KeyRecord,
  connection: { on(event: 'close', listener: () => void): unknown },
): void {
  record.open += 1
  record.peak = Math.max(record.peak, record.open)
  connection.on('close', () => {
    record.open -= 1
  })
}

export function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://localhost').searchParams
}
