import { onText } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/** Opens and sends nothing. Records the received texts. */
export const wsHeld: SocketScenario = {
  path: '/ws/held',
  serve({ socket, lab, key }) {
    onText(socket, (text) => lab.of(key).received.push(text))
  },
}
