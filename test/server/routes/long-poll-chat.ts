import { once } from 'node:events'
import { chatRoom } from '../chat-rooms.ts'
import type { Scenario } from '../scenario.ts'

const HOLD_MS = 25_000

/**
 * The rooms of `/ws/chat` over long polling. GET responds with an array of the messages after `?cursor=`, and with the
 * number of the last one in `x-next`. Without a cursor it responds at once; otherwise as soon as there is a message, or
 * with 204 after a while. POST sends a message.
 */
export const longPollChat: Scenario = {
  path: '/long-poll/chat',
  async serve({ request, response, query, lab, body }) {
    const room = chatRoom(lab, query.get('room'))
    if (request.method === 'POST') {
      room.say(JSON.parse(body.toString()))
      response.writeHead(204).end()
      return
    }
    const cursor = query.get('cursor')
    const after = Number(cursor ?? 0)
    if (cursor !== null && room.after(after).length === 0) {
      const settled = new AbortController()
      const { signal } = settled
      const leave = room.enter(() => settled.abort())
      const timer = setTimeout(() => settled.abort(), HOLD_MS)
      await once(response, 'close', { signal }).catch(() => {})
      clearTimeout(timer)
      leave()
    }
    const said = room.after(after)
    if (cursor !== null && said.length === 0) {
      response.writeHead(204).end()
      return
    }
    const next = said.at(-1)?.seq ?? after
    response.writeHead(200, { 'content-type': 'application/json', 'x-next': next }).end(JSON.stringify(said))
  },
}
