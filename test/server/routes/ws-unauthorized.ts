import type { SocketScenario } from '../scenario.ts'

/** Sends `welcome` if `?token=` is the valid token; otherwise closes with `?code=` (3000). */
export const wsUnauthorized: SocketScenario = {
  path: '/ws/unauthorized',
  serve({ socket, query, lab, key }) {
    if (query.get('token') === lab.of(key).token) socket.send('welcome')
    else socket.close(Number(query.get('code') ?? 3000), 'the token has expired')
  },
}
