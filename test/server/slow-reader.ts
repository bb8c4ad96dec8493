import type { SocketVisit } from './scenario.ts'

const TICK_MS = 20

/**
 * Reads at most `readBytesPerSecond` of the key from a socket, in chunks as they come from the kernel. What is not read
 * stays with the client, and with it the news that the client has left.
 */
export function readSlowly({ request, socket, lab, key }: SocketVisit): void {
  const record = lab.of(key)
  let budget = 0
  const tick = () => {
    const limit = record.readBytesPerSecond ?? Number.POSITIVE_INFINITY
    const allowance = (limit * TICK_MS) / 1_000
    // What was not used is not saved up, what was read too much is paid back.
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
