import { sleep } from '../event-stream.ts'
import { send } from '../frames.ts'
import type { KeyRecord } from '../lab.ts'
import type { SocketScenario } from '../scenario.ts'

const startedAtMs = new WeakMap<KeyRecord, number>()

/**
 * Sends live numbers as texts up to `?count=`. Number `n` is due `n · ?everyMs=` after the first connection, so a
 * client misses those that are due while it is disconnected. Then closes, or with `?hold` stays open.
 */
export const wsNumbers: SocketScenario = {
  path: '/ws/numbers',
  async serve(visit) {
    const { socket, query, lab, key } = visit
    const record = lab.of(key)
    const count = Number(query.get('count') ?? 10)
    const everyMs = Number(query.get('everyMs') ?? 100)
    const startedAt = startedAtMs.get(record) ?? Date.now()
    startedAtMs.set(record, startedAt)
    for (let n = Math.floor((Date.now() - startedAt) / everyMs) + 1; n <= count; n += 1) {
      await sleep(startedAt + n * everyMs - Date.now())
      if (!(await send(visit, [String(n)]))) return
    }
    if (!query.has('hold')) socket.close(1000, 'done')
  },
}
