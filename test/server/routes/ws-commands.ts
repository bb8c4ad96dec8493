import { fieldsOf, onText } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'
import { readSlowly } from '../slow-reader.ts'

/**
 * Records each received text. With `?ack`, acknowledges texts that have an id with `{"ack": <id>}`, with `?ackAfter=`
 * only from that text on. With `?slow`, reads at the speed that the faults of the key set.
 */
export const wsCommands: SocketScenario = {
  path: '/ws/commands',
  serve(visit) {
    const { socket, query, lab, key } = visit
    const { received } = lab.of(key)
    const ackAfter = Number(query.get('ackAfter') ?? 1)
    if (query.has('slow')) readSlowly(visit)
    onText(socket, (text) => {
      received.push(text)
      const { id } = fieldsOf(text)
      if (query.has('ack') && id !== undefined && received.length >= ackAfter) socket.send(JSON.stringify({ ack: id }))
    })
  },
}
