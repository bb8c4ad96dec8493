import { sleep } from '../event-stream.ts'
import type { CutPlan, Passage } from '../proxy.ts'
import type { Scenario, Visit } from '../scenario.ts'

/** Responds with the record of a key. */
const stats: Scenario = {
  path: '/lab/stats',
  serve({ response, lab, key }) {
    const { open, peak, seen, received, receivedBytes, uploadedBytes, closes, written } = lab.of(key)
    sendJson(response, { open, peak, seen, received, receivedBytes, uploadedBytes, closes, written })
  },
}

/** Sets the faults of a key: `{ unavailableMs, retryAfter }`, `{ token }`, `{ readBytesPerSecond }`. */
const faults: Scenario = {
  path: '/lab/faults',
  serve({ body, response, lab, key }) {
    const record = lab.of(key)
    const { unavailableMs, retryAfter, token, readBytesPerSecond } = readJson(body) as {
      unavailableMs?: number
      retryAfter?: string
      token?: string | null
      readBytesPerSecond?: number | null
    }
    if (unavailableMs !== undefined) {
      record.unavailable = { untilMs: Date.now() + unavailableMs, retryAfter: retryAfter ?? '1' }
    }
    if (token !== undefined) record.token = token ?? undefined
    if (readBytesPerSecond !== undefined) record.readBytesPerSecond = readBytesPerSecond ?? undefined
    sendJson(response, {})
  },
}

/** Responds with the valid token, like a token endpoint. */
const token: Scenario = {
  path: '/lab/token',
  async serve({ response, lab, key }) {
    await sleep(20)
    sendJson(response, { token: lab.of(key).token ?? null })
  },
}

/** POST: starts a proxy in front of this server. POST with `?id=`: controls it. DELETE with `?id=`: stops it. */
const proxies: Scenario = {
  path: '/lab/proxies',
  async serve({ request, body, response, query, lab }) {
    const id = query.get('id')
    if (id === null) {
      const added = await lab.addProxy()
      return sendJson(response, { id: added.id, port: added.proxy.port })
    }
    if (request.method === 'DELETE') {
      await lab.removeProxy(id)
      return sendJson(response, {})
    }
    const proxy = lab.proxy(id)
    if (proxy === undefined) {
      response.writeHead(404).end()
      return
    }
    const order = readJson(body) as {
      cut?: boolean
      halfOpen?: boolean
      cutAtRandom?: CutPlan
      passage?: Passage
      bytesPerSecond?: number | null
    }
    if (order.cutAtRandom !== undefined) proxy.cutAtRandom(order.cutAtRandom)
    if (order.passage !== undefined) proxy.let(order.passage)
    if (order.bytesPerSecond !== undefined) proxy.slow(order.bytesPerSecond ?? Number.POSITIVE_INFINITY)
    if (order.halfOpen === true) proxy.halfOpen()
    if (order.cut === true) proxy.cut()
    sendJson(response, { cuts: proxy.cuts, links: proxy.links, askedBytes: proxy.askedBytes })
  },
}

/** The routes that control the server. They are not counted as connections. */
export const labRoutes: readonly Scenario[] = [stats, faults, token, proxies]

function sendJson(response: Visit['response'], value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

function readJson(body: Buffer): unknown {
  return body.length === 0 ? {} : JSON.parse(body.toString())
}
