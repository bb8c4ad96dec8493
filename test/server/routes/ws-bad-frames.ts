import type { SocketScenario } from '../scenario.ts'

/** Sends a text that is not JSON, a binary frame and a valid message, then closes. */
export const wsBadFrames: SocketScenario = {
  path: '/ws/bad-frames',
  serve({ socket }) {
    socket.send('not json')
    socket.send(Uint8Array.of(0xff, 0xfe))
    socket.send('{"n":1}')
    socket.close(1000)
  },
}
