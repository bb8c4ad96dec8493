import { createServer } from 'node:http'
import { createClient } from 'redis'
import { WebSocketServer } from 'ws'
import {
  type Logs,
  memoryLogs,
  redisLogs,
  serveLogs,
  serveSocket,
  sqliteLogs,
  toNode,
} from '../../adapters/server/index.ts'

// A log server as a program: `node main.ts <store> <port>`. The store is `memory`, the path of a SQLite file, or the URL
// of a Redis. Prints its address, and exits together with its parent process.
const [store = 'memory', port = '0'] = process.argv.slice(2)
const logs = await openLogs()
const server = createServer(toNode(serveLogs(logs, { authorize: () => true, retryMs: 10, heartbeatMs: 1_000 })))
new WebSocketServer({ server }).on('connection', (socket, request) => {
  const name = new URL(request.url ?? '', 'http://localhost').pathname.slice(1)
  serveSocket(logs.open(name), socket, { request, heartbeatMs: 1_000 })
})
process.stdin.resume().on('close', () => process.exit())
process.on('message', (message) => {
  if (message !== 'memory') return
  // Garbage does not count. The process is started with --expose-gc. The second call waits for the buffers that
  // another thread frees after the first.
  globalThis.gc?.()
  globalThis.gc?.()
  process.send?.(process.memoryUsage())
})
server.listen(Number(port), '127.0.0.1', () => {
  const address = server.address()
  console.info(`http://127.0.0.1:${typeof address === 'object' ? address?.port : port}`)
})

async function openLogs(): Promise<Logs> {
  if (store === 'memory') return memoryLogs({ maxBytes: 8 * 1_048_576, maxItems: 1_000_000 })
  if (!store.startsWith('redis:')) return sqliteLogs(store)
  const client = createClient({ url: store, socket: { reconnectStrategy: 50 } })
  client.on('error', () => {})
  await client.connect()
  return redisLogs(client, { timeoutMs: 1_000, pollMs: 500 })
}
