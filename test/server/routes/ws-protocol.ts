import type { SocketScenario } from '../scenario.ts'

/** Answers with the subprotocol `?choose=`, offered or not, or with `none`, and says which it was. */
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
