import { fieldsOf, onText, placeIn, sendNumbers } from '../frames.ts'
import type { KeyRecord } from '../lab.ts'
import type { SocketScenario } from '../scenario.ts'

/** What a key has told so far, over all of its sockets. */
interface Told {
  readonly ids: Set<string>
  isDone: boolean
}

const toldBy = new WeakMap<KeyRecord, Told>()

/**
 * Both ways at once. Sends `{"id": n}` up to `?count=`, every `?everyMs=`, after the place that `{"after": "<id>"}`
 * names. Acknowledges each `{"id": …}` that comes and writes down each id once. Closes when everything was sent and
 * the client has said `{"done": true}`.
 */
export const wsExchange: SocketScenario = {
  path: '/ws/exchange',
  async serve(visit) {
    const { socket, lab, key } = visit
    const record = lab.of(key)
    const told: Told = toldBy.get(record) ?? { ids: new Set(), isDone: false }
    toldBy.set(record, told)
    let isSent = false
    const closeIfDone = () => {
      if (isSent && told.isDone) socket.close(1000, 'done')
    }
    const after = await new Promise<number>((resolve) => {
      onText(socket, (text) => {
        const fields = fieldsOf(text)
        const { id, done } = fields
        const place = placeIn(fields)
        if (place !== undefined) resolve(place)
        if (id !== undefined) {
          if (!told.ids.has(String(id))) record.received.push(String(id))
          told.ids.add(String(id))
          socket.send(JSON.stringify({ ack: id }))
        }
        if (done === true) told.isDone = true
        closeIfDone()
      })
    })
    isSent = await sendNumbers(visit, after, (n) => JSON.stringify({ id: n }))
    closeIfDone()
  },
}
