import type { WebSocket } from 'ws'
import { fieldsOf, onText, placeIn } from '../frames.ts'
import type { Lab } from '../lab.ts'
import type { SocketScenario } from '../scenario.ts'

const KEPT = 200
const TEXT_MAX = 500

interface ChatMessage {
  readonly seq: number
  readonly id: string
  readonly from: string
  readonly text: string
  readonly at: number
}

interface Room {
  readonly members: Set<WebSocket>
  readonly messages: ChatMessage[]
  /** The ids that senders gave: one that comes again was sent again. */
  readonly ids: Set<string>
}

const roomsOf = new WeakMap<Lab, Map<string, Room>>()

/**
 * A room, `?room=`, for whoever comes. `{"after": "<seq>"}` enters it and is told what was said since.
 * `{"id", "from", "text"}` goes to everybody with a number and the time, once for each id. `{"type": "typing", "from"}`
 * goes to the others and is forgotten.
 */
export const wsChat: SocketScenario = {
  path: '/ws/chat',
  serve({ socket, query, lab }) {
    const room = roomOf(lab, query.get('room') ?? 'lobby')
    socket.on('close', () => room.members.delete(socket))
    onText(socket, (text) => {
      const fields = fieldsOf(text)
      const after = placeIn(fields)
      if (after !== undefined) {
        for (const message of room.messages) if (message.seq > after) socket.send(JSON.stringify(message))
        room.members.add(socket)
      } else if (fields['type'] === 'typing') {
        broadcast(room, { type: 'typing', from: String(fields['from']) }, socket)
      } else say(room, fields)
    })
  },
}

function roomOf(lab: Lab, name: string): Room {
  const rooms = roomsOf.get(lab) ?? new Map<string, Room>()
  roomsOf.set(lab, rooms)
  const room = rooms.get(name) ?? { members: new Set(), messages: [], ids: new Set() }
  rooms.set(name, room)
  return room
}

function say(room: Room, { id, from, text }: Readonly<Record<string, unknown>>): void {
  if (typeof id !== 'string' || typeof from !== 'string' || typeof text !== 'string' || room.ids.has(id)) return
  room.ids.add(id)
  const message: ChatMessage = { seq: room.ids.size, id, from, text: text.slice(0, TEXT_MAX), at: Date.now() }
  room.messages.push(message)
  if (room.messages.length > KEPT) room.messages.shift()
  broadcast(room, message)
}

function broadcast(room: Room, message: object, except?: WebSocket): void {
  const text = JSON.stringify(message)
  for (const member of room.members) if (member !== except) member.send(text)
}
