import type { SocketScenario } from '../scenario.ts'

/** Lets in, and then refuses for good. */
export const wsRefused: SocketScenario = {
  path: '/ws/refused',
  serve({ socket }) {
    socket.close(1008, 'not for you')
  },
}
