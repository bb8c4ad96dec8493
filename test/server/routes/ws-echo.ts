import type { SocketScenario } from '../scenario.ts'

/** Sends each received frame back unchanged. */
export const wsEcho: SocketScenario = {
  path: '/ws/echo',
  serve({ socket }) {
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }))
  },
}
