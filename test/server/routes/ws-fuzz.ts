import type { SocketScenario } from '../scenario.ts'
import { fuzzSession, fuzzWait } from './fuzz.ts'

/**
 * Behaves in a random way after the first text, which is the cursor. With `?door=refused` it refuses the handshake, with
 * `?door=held` it never answers it.
 */
export const wsFuzz: SocketScenario = {
  path: '/ws/fuzz',
  refuse({ query }) {
    const door = query.get('door')
    return door === 'held' ? 'hold' : door === 'refused' ? 503 : undefined
  },
  serve(visit) {
    const { socket } = visit
    socket.once('message', async (cursor) => {
      for (const step of fuzzSession(visit).steps(String(cursor))) {
        await fuzzWait(step.afterMs)
        if (socket.readyState !== socket.OPEN) return
        if (step.act === 'send') socket.send(step.frame)
        else if (step.act === 'close' && canSend(step.code)) socket.close(step.code)
        else socket.terminate()
      }
    })
  },
}

/** [spec] RFC 6455 §7.4.1: 1004, 1005 and 1006 must not be sent, and 1015 to 2999 are reserved. */
function canSend(code: number): boolean {
  return (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) || code >= 3000
}
