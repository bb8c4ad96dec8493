import { fieldsOf, onText, sendNumbers } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/**
 * Responds to `ping` with `pong` and to `{"type":"ping"}` with `{"type":"pong"}`, with `?mute` to nothing. Records the
 * pings. With `?everyMs=` also sends numbers, up to `?count=`.
 */
export const wsHeartbeat: SocketScenario = {
  path: '/ws/heartbeat',
  async serve(visit) {
    const { socket, query, lab, key } = visit
    onText(socket, (text) => {
      const isJson = fieldsOf(text)['type'] === 'ping'
      if (text !== 'ping' && !isJson) return
      lab.of(key).received.push(text)
      if (!query.has('mute')) socket.send(isJson ? JSON.stringify({ type: 'pong' }) : 'pong')
    })
    if (query.has('everyMs')) await sendNumbers(visit, 0, String)
  },
}
