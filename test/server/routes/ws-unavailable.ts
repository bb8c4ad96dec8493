import type { SocketScenario } from '../scenario.ts'

/** Refuses the first `?times=` handshakes (default: all) with 503; then sends one text and closes. */
export const wsUnavailable: SocketScenario = {
  path: '/ws/unavailable',
  refuse: ({ query, nth }) => (nth < Number(query.get('times') ?? Number.POSITIVE_INFINITY) ? 503 : undefined),
  serve({ socket }) {
    socket.send('1')
    socket.close(1000)
  },
}
