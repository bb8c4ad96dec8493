import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { feedPieces } from './sse-feed.ts'

// A program: `node sse-server.ts [events]`. Sends the feed as fast as it is taken, says where it is, and ends with
// whoever started it.
const pieces = [...feedPieces(Number(process.argv[2]))]
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  // Readers leave when they have the last event, which may be before the end.
  pipeline(Readable.from(pieces), response).catch(() => {})
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.info(`http://127.0.0.1:${address.port}/`)
})
process.stdin.resume().on('close', () => process.exit())
