import { once } from 'node:events'
import { chatRoom } from '../chat-rooms.ts'
import type { Scenario } from '../scenario.ts'

const HOLD_MS = 25_000

/**
 * The same rooms, without a socket. GET is answered with what was said after `?cursor=`, as an array with its last
 * number in `x-next`, as soon as there is something, or with 204 after a while; POST says something.
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
    const after = Number(query.get('cursor') ?? 0)
    if (room.after(after).length === 0) {
      const settled = new AbortController()
      const { signal } = settled
      const leave = room.enter(() => settled.abort())
      const timer = setTimeout(() => settled.abort(), HOLD_MS)
      await once(response, 'close', { signal }).catch(() => {})
      clearTimeout(timer)
      leave()
    }
    const said = room.after(after)
    const last = said.at(-1)
    if (last === undefined) response.writeHead(204).end()
    else response.writeHead(200, { 'content-type': 'application/json', 'x-next': last.seq }).end(JSON.stringify(said))
  },
}
