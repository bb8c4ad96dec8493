import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { firehose } from '../../server/firehose.ts'

/** Sends the numbers from 1 on, `?perSecond=` for `?seconds=`. Then stays open, so that no client reconnects. */
export async function sendNumbers(socket: WebSocket, connection: Socket, query: URLSearchParams): Promise<void> {
  for await (const numbers of firehose(query)) {
    if (socket.readyState !== socket.OPEN) return
    // All due numbers go out in one write. A write for each would measure the kernel.
    connection.cork()
    for (const n of numbers) socket.send(String(n))
    connection.uncork()
  }
}
