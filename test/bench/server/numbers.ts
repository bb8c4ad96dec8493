import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { firehose } from '../../server/firehose.ts'

/** The numbers from 1 on, `?perSecond=` for `?seconds=`; then it is silent, so that nobody has a reason to come again. */
export async function sendNumbers(socket: WebSocket, connection: Socket, query: URLSearchParams): Promise<void> {
  for await (const numbers of firehose(query)) {
    if (socket.readyState !== socket.OPEN) return
    // What is due goes out in one piece: a write for each would measure the kernel.
    connection.cork()
    for (const n of numbers) socket.send(String(n))
    connection.uncork()
  }
}
