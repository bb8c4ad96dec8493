/* global Bun, Deno */
// One program for Node, Bun and Deno: serves a log, reads it over SSE, NDJSON and a long poll, and prints what it received.
import { createServer } from 'node:http'
import { forkJoin, lastValueFrom, map, take, toArray } from 'rxjs'
import { fromEventSource, fromFetchStream, fromLongPoll, messages, ndjson } from 'rxwire'
import { memoryLogs, serveLog, toNode } from 'rxwire/server'

const log = memoryLogs().open('ticks')
await log.append([1, 2])
const url = await listen(serveLog(log, { start: 'earliest' }))

const first = (wire) => wire.pipe(messages(), take(3), toArray())
const received = lastValueFrom(
  forkJoin({
    sse: first(fromEventSource(url, { decode: JSON.parse })),
    ndjson: first(
      fromFetchStream(url, { headers: { accept: 'application/x-ndjson' }, decode: ndjson() }).pipe(
        map((event) => (event.type === 'message' ? { ...event, data: event.data.data } : event)),
      ),
    ),
    poll: first(
      fromLongPoll(`${url}?live=long-poll&offset=-1`, {
        readCursor: { header: 'stream-next-offset' },
        sendCursor: { query: 'offset' },
        messages: (body) => body,
      }),
    ),
  }),
)
// While the clients are connected.
setTimeout(() => log.append([3]), 200)
console.info(JSON.stringify(await received))
process.exit()

function listen(handler) {
  if (globalThis.Bun)
    return `http://127.0.0.1:${Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: handler }).port}/`
  return new Promise((resolve) => {
    const tell = ({ port }) => resolve(`http://127.0.0.1:${port}/`)
    if (globalThis.Deno) Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: tell }, handler)
    else {
      const server = createServer(toNode(handler))
      server.listen(0, '127.0.0.1', () => tell(server.address()))
    }
  })
}
