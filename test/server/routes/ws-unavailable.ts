import type { SocketScenario } from '../scenario.ts'

/** Refuses the handshake with 503 `?times=` times, or always; then one text. */
export const wsUnavailable: SocketScenario = {
  path: '/ws/unavailable',
  refuse: ({ query, nth }) => (nth < Number(query.get('times') ?? Number.POSITIVE_INFINITY) ? 503 : undefined),
  serve({ socket }) {
    socket.send('1')
    socket.close(1000)
  },
}
