import { fieldsOf, onText } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/** Answers `ping` with `pong` and `{"type":"ping"}` with `{"type":"pong"}`, with `?mute` nothing. Writes the pings down. */
export const wsHeartbeat: SocketScenario = {
  path: '/ws/heartbeat',
  serve({ socket, query, lab, key }) {
    onText(socket, (text) => {
      const isJson = fieldsOf(text)['type'] === 'ping'
      if (text !== 'ping' && !isJson) return
      lab.of(key).received.push(text)
      if (!query.has('mute')) socket.send(isJson ? JSON.stringify({ type: 'pong' }) : 'pong')
    })
  },
}
