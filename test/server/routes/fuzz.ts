import { sleep, write } from '../event-stream.ts'
import { FUZZ_MS_PER_SECOND } from '../fuzz/answer.ts'
import { type FuzzKind, FuzzSession } from '../fuzz/session.ts'
import type { KeyRecord } from '../lab.ts'
import type { Caller, Scenario, Visit } from '../scenario.ts'

const sessions = new WeakMap<KeyRecord, Map<number, FuzzSession>>()

/** The session of a subscription. Its seed and its number are in the query. */
export function fuzzSession({ query, lab, key }: Caller): FuzzSession {
  const record = lab.of(key)
  const ofKey = sessions.get(record) ?? new Map<number, FuzzSession>()
  sessions.set(record, ofKey)
  const number = Number(query.get('number'))
  const session = ofKey.get(number) ?? new FuzzSession(Number(query.get('seed')), number)
  ofKey.set(number, session)
  return session
}

/** Waits for a time of a session. `Infinity` waits until the test leaves. */
export function fuzzWait(ms: number): Promise<void> {
  return ms === Number.POSITIVE_INFINITY ? new Promise(() => {}) : sleep((ms / 1_000) * FUZZ_MS_PER_SECOND)
}

/** `/fuzz/<kind>`: responds in a random way, the same for the same `?seed=` and `?number=`. */
export const fuzz: Scenario = {
  path: '/fuzz',
  isFolder: true,
  async serve(visit: Visit) {
    const { request, response, body } = visit
    const { method = '', url = '' } = request
    const kind = new URL(url, 'http://localhost').pathname.split('/').at(-1) as FuzzKind
    const headers = new Headers(request.headers as Record<string, string>)
    const answer = fuzzSession(visit).answer(kind, { method, url, headers, bodyBytes: body.length })
    await fuzzWait(answer.afterMs)
    if (answer.status === 0) {
      // Chromium sends even a POST again if a connection that it has used before is reset without a response.
      if (method === 'POST') request.socket.end('nonsense\r\n\r\n')
      else request.socket.resetAndDestroy()
      return
    }
    // A length that is wrong would disturb the next response on the connection.
    const isLengthOwn = answer.headers['content-length'] === undefined
    response.writeHead(answer.status, { ...answer.headers, ...(!isLengthOwn && { connection: 'close' }) })
    response.flushHeaders()
    for (const { afterMs, bytes } of method === 'HEAD' ? [] : answer.pieces) {
      if (afterMs > 0) await fuzzWait(afterMs)
      if (!(await write(response, bytes))) return
    }
    // A client does not wait for the end of a response whose length it knows, and leaves the connection open.
    const isKnownToEnd = !isLengthOwn || method === 'HEAD' || [204, 304].includes(answer.status)
    if (answer.end === 'silence' && !isKnownToEnd) return
    if (answer.end === 'reset') request.socket.resetAndDestroy()
    else response.end(() => isLengthOwn || request.socket.destroy())
  },
}
