import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { feedPieces } from './sse-feed.ts'

// A program: `node sse-server.ts [events]`. Sends the feed as fast as the client reads it. Prints its url, and exits
// with the process that started it.
const pieces = [...feedPieces(Number(process.argv[2]))]
const server = createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  // A reader may disconnect after the last event, before the response ends.
  pipeline(Readable.from(pieces), response).catch(() => {})
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.info(`http://127.0.0.1:${address.port}/`)
})
process.stdin.resume().on('close', () => process.exit())
