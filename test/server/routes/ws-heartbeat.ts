import { fieldsOf, onText, sendNumbers } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/**
 * Answers `ping` with `pong` and `{"type":"ping"}` with `{"type":"pong"}`, with `?mute` nothing. Writes the pings down.
 * With `?everyMs=` it also counts, up to `?count=`.
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
