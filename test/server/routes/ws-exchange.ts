import { fieldsOf, onText, placeIn, sendNumbers } from '../frames.ts'
import type { KeyRecord } from '../lab.ts'
import type { SocketScenario } from '../scenario.ts'

/** What the client has sent so far, over all sockets of a key. */
interface Told {
  readonly ids: Set<string>
  isDone: boolean
}

const toldBy = new WeakMap<KeyRecord, Told>()

/**
 * Sends and receives at the same time. Sends `{"id": n}` up to `?count=`, every `?everyMs=`, after the id in
 * `{"after": "<id>"}`. Acknowledges each received `{"id": …}` and records each id once. Closes when everything was sent
 * and the client has sent `{"done": true}`.
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
