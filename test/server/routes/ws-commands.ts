import { fieldsOf, onText } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'
import { readSlowly } from '../slow-reader.ts'

/**
 * Writes down each text that comes. With `?ack`, answers those with an id `{"ack": <id>}`, with `?ackAfter=` only from
 * that one on. With `?slow`, reads no faster than it is told to.
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
