import type { SocketScenario } from '../scenario.ts'

/** Accepts the handshake, then closes with 1008. */
export const wsRefused: SocketScenario = {
  path: '/ws/refused',
  serve({ socket }) {
    socket.close(1008, 'not for you')
  },
}
