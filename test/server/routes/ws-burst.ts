import { send } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/** Sends `?count=` JSON texts, `{"n": i, "key": i % 10}`, in one write; then closes, or with `?hold` stays open. */
export const wsBurst: SocketScenario = {
  path: '/ws/burst',
  async serve(visit) {
    const { socket, query } = visit
    const count = Number(query.get('count') ?? 5_000)
    const texts = Array.from({ length: count }, (_, i) => JSON.stringify({ n: i + 1, key: (i + 1) % 10 }))
    if ((await send(visit, texts)) && !query.has('hold')) socket.close(1000)
  },
}
