import { createServer, type Server } from 'node:http'
import { DurableStreamTestServer } from '@durable-streams/server'
import { createChannel, createSession } from 'better-sse'
import { WebSocketServer } from 'ws'
import { memoryLogs, serveLog, serveSocket, toNode } from '../../../adapters/server/index.ts'

/** A feed that many clients read. */
export interface FeedServer {
  /** Where clients read the feed from its start, or live if it has no history. */
  readonly url: string
  append(item: string): unknown
}

const MAX_BYTES = 16 * 1_048_576

/** The server programs of the benchmark, by name. */
export const feedServers: Readonly<Record<string, () => Promise<FeedServer>>> = {
  'rxwire, SSE': async () => {
    const log = memoryLogs({ maxItems: 1_000_000, maxBytes: MAX_BYTES }).open<string>('feed')
    const server = createServer(toNode(serveLog(log, { start: 'earliest' })))
    return { url: await listen(server), append: (item) => log.append([item]) }
  },
  'rxwire, WebSocket': async () => {
    const log = memoryLogs({ maxItems: 1_000_000, maxBytes: MAX_BYTES }).open<string>('feed')
    const server = createServer()
    new WebSocketServer({ server }).on('connection', (socket, request) => {
      serveSocket(log, socket, { request, start: 'earliest' })
    })
    return { url: `${await listen(server)}?offset=-1`, append: (item) => log.append([item]) }
  },
  'better-sse': async () => {
    const channel = createChannel()
    const server = createServer(async (request, response) => {
      channel.register(await createSession(request, response))
    })
    return { url: await listen(server), append: (item) => channel.broadcast(item) }
  },
  '@durable-streams/server': async () => {
    const server = new DurableStreamTestServer({ compression: false })
    const url = await server.start()
    await server.store.create('/feed', { contentType: 'application/json' })
    return {
      url: `${url}/feed?offset=-1&live=sse`,
      append: (item) => server.store.append('/feed', Buffer.from(JSON.stringify(item))),
    }
  },
  ws: async () => {
    const server = createServer()
    const sockets = new WebSocketServer({ server })
    return {
      url: await listen(server),
      append: (item) => {
        for (const socket of sockets.clients) socket.send(item)
      },
    }
  },
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`
}
