import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of Node on a free port of the loopback address. */
export interface Listening {
  readonly url: string
  readonly server: Server
  readonly sockets: ReadonlySet<Socket>
  close(): Promise<void>
}

/** Starts a server. The caller closes it. */
export async function startListening(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, server, sockets, close }
}

/** Starts a server for one test. */
export async function listen(listener: RequestListener): Promise<Listening> {
  const listening = await startListening(listener)
  onTestFinished(() => listening.close())
  return listening
}
