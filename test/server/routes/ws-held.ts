import { onText } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/** Opens and is silent. Writes down what it is told. */
export const wsHeld: SocketScenario = {
  path: '/ws/held',
  serve({ socket, lab, key }) {
    onText(socket, (text) => lab.of(key).received.push(text))
  },
}
