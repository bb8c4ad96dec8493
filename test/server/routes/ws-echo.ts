import type { SocketScenario } from '../scenario.ts'

/** Sends back each frame as it came. */
export const wsEcho: SocketScenario = {
  path: '/ws/echo',
  serve({ socket }) {
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }))
  },
}
