import type { Log, ServeOptions } from 'rxwire/server'
import { serveLog, serveSocket, toNode } from 'rxwire/server'
import { onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { type Listening, listen } from './listen.ts'

/** Serves a log over HTTP and WebSocket, for one test. */
export async function serveNumbers(log: Log<number>, options: ServeOptions = {}): Promise<Listening> {
  const listening = await listen(toNode(serveLog(log, options)))
  serveSockets(listening, log, options)
  return listening
}

function serveSockets({ server }: Listening, log: Log<number>, options: ServeOptions): void {
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, request) => {
    serveSocket(log, socket, { ...options, request })
  })
  onTestFinished(() => {
    for (const client of sockets.clients) client.terminate()
  })
}

/** The numbers from `first` to `last`. */
export function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
