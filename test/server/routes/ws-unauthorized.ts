import type { SocketScenario } from '../scenario.ts'

/** Closes with `?code=` unless `?token=` is the one that is valid now; sends `welcome` to whoever has it. */
export const wsUnauthorized: SocketScenario = {
  path: '/ws/unauthorized',
  serve({ socket, query, lab, key }) {
    if (query.get('token') === lab.of(key).token) socket.send('welcome')
    else socket.close(Number(query.get('code') ?? 3000), 'the token has expired')
  },
}
