import { fieldsOf, onText, placeIn, sendNumbers } from '../frames.ts'
import { oddities } from '../oddities.ts'
import type { SocketScenario } from '../scenario.ts'

/**
 * Sends numbers as texts up to `?count=`, every `?everyMs=`, after the id in the first frame `{"after": "<id>"}`; then
 * closes, or with `?hold` stays open. Closes at once if the client has all numbers. The first connection stalls after
 * `?stallAfter=`.
 */
export const wsFeed: SocketScenario = {
  path: '/ws/feed',
  async serve(visit) {
    const { socket, query } = visit
    const first = await new Promise<string>((resolve) => onText(socket, resolve))
    const after = placeIn(fieldsOf(first))
    if (after === undefined) {
      socket.close(1008, 'the first frame is {"after": "<id>"}')
      return
    }
    const isComplete = after >= Number(query.get('count') ?? 10)
    const { stallAfter } = oddities(visit, visit.nth === 0)
    if (!(await sendNumbers(visit, after, String, stallAfter)) || stallAfter < Number.POSITIVE_INFINITY) return
    if (isComplete || !query.has('hold')) socket.close(1000, 'done')
  },
}
