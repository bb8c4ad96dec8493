import type { SocketVisit } from './scenario.ts'

const TICK_MS = 20

/**
 * Reads at most `readBytesPerSecond` of the key from a socket, in chunks as the kernel delivers them. Unread bytes stay
 * with the client, and so does the end of the connection.
 */
export function readSlowly({ request, socket, lab, key }: SocketVisit): void {
  const record = lab.of(key)
  let budget = 0
  const tick = () => {
    const limit = record.readBytesPerSecond ?? Number.POSITIVE_INFINITY
    const allowance = (limit * TICK_MS) / 1_000
    // Unused allowance is not carried over. An excess read is deducted from the next ticks.
    budget = Math.min(budget + allowance, allowance)
    if (budget > 0) socket.resume()
    else socket.pause()
  }
  request.socket.on('data', (chunk: Buffer) => {
    budget -= chunk.length
    if (budget <= 0) socket.pause()
  })
  const timer = setInterval(tick, TICK_MS)
  socket.on('close', () => clearInterval(timer))
  tick()
}
