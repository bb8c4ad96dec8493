import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A load balancer without sticky sessions. */
export interface Balancer {
  readonly url: string
  close(): void
}

/** Starts a load balancer: each connection goes to the port that `choose` returns. */
export async function startBalancer(choose: () => number): Promise<Balancer> {
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
  const { port } = balancer.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      balancer.close()
      for (const socket of open) socket.destroy()
    },
  }
}
