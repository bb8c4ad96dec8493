import type { SocketScenario } from '../scenario.ts'

/** A text that is no JSON, bytes that are no text, then a good one; then closes. */
export const wsBadFrames: SocketScenario = {
  path: '/ws/bad-frames',
  serve({ socket }) {
    socket.send('not json')
    socket.send(Uint8Array.of(0xff, 0xfe))
    socket.send('{"n":1}')
    socket.close(1000)
  },
}
