import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Starts a load balancer without sticky sessions: each connection goes to a server that `choose` returns. */
export async function startBalancer(choose: () => number): Promise<string> {
  const open = new Set<Socket>()
  const balancer = createServer((client) => {
    const server = connect(choose(), '127.0.0.1')
    const both = [client, server] as const
    for (const socket of both) {
      open.add(socket)
      socket.on('error', () => {})
      // A connection that is lost on one side is reset on the other.
      socket.on('close', () => {
        open.delete(socket)
        for (const one of both) one.destroy()
      })
    }
    client.pipe(server).pipe(client)
  })
  await new Promise<void>((resolve) => balancer.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    balancer.close()
    for (const socket of open) socket.destroy()
  })
  const address = balancer.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
