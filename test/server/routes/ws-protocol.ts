import type { SocketScenario } from '../scenario.ts'

/** Chooses the subprotocol `?choose=`, offered or not, or with `none` no subprotocol, and sends its name. */
export const wsProtocol: SocketScenario = {
  path: '/ws/protocol',
  protocol(offered, query) {
    const choice = query.get('choose') ?? [...offered][0] ?? 'none'
    return choice === 'none' ? false : choice
  },
  serve({ socket, query }) {
    socket.send(query.get('choose') ?? (socket.protocol || 'none'))
  },
}
