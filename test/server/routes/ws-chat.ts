import { chatRoom } from '../chat-rooms.ts'
import { hasExpiredToken } from '../demo-faults.ts'
import { fieldsOf, onText, placeIn } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/**
 * The chat room `?room=`. `{"after": "<seq>"}` enters it and gets the messages after that number.
 * `{"id", "from", "text"}` is sent to all members with a number and the time, once for each id.
 * `{"type": "typing", "from"}` is sent to the other members and not stored.
 * A handshake with an expired `?token=` is refused with 401.
 */
export const wsChat: SocketScenario = {
  path: '/ws/chat',
  refuse: (caller) => (hasExpiredToken(caller) ? 401 : undefined),
  serve({ socket, query, lab }) {
    const room = chatRoom(lab, query.get('room'))
    const hear = (message: object) => socket.send(JSON.stringify(message))
    onText(socket, (text) => {
      const fields = fieldsOf(text)
      const after = placeIn(fields)
      if (after !== undefined) {
        room.after(after).forEach(hear)
        socket.on('close', room.enter(hear))
      } else if (fields['type'] === 'typing') {
        room.tell({ type: 'typing', from: String(fields['from']) }, hear)
      } else room.say(fields)
    })
  },
}
