import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { sendNumbers } from './numbers.ts'
import { takeFrames } from './sink.ts'
import { uploads } from './uploads.ts'

// The server of the Chromium benchmarks, as a program. Prints its url, and exits with the process that started it.

/** How many sockets were opened with each key. */
const opened = new Map<string, number>()

const http = createServer((request, response) => {
  const { pathname, searchParams } = urlOf(request)
  if (uploads.has(pathname)) uploads.handle(request, response)
  else if (pathname === '/opened') response.end(String(opened.get(searchParams.get('key') ?? '') ?? 0))
  else response.writeHead(404).end()
})

const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
sockets.on('connection', (socket, request) => {
  const { pathname, searchParams } = urlOf(request)
  const key = searchParams.get('key') ?? ''
  opened.set(key, (opened.get(key) ?? 0) + 1)
  // A client may disconnect at any time. That is not a failure.
  socket.on('error', () => {})
  if (pathname === '/numbers') void sendNumbers(socket, request.socket, searchParams)
  else if (pathname === '/sink') takeFrames(socket, searchParams)
  else socket.close(1008)
})

http.listen(0, '127.0.0.1', () => {
  console.info(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)
})
process.stdin.resume().on('close', () => {
  uploads.remove()
  process.exit()
})

function urlOf({ url = '/' }: IncomingMessage): URL {
  return new URL(url, 'http://localhost')
}
