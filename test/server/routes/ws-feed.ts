import { fieldsOf, onText, placeIn, sendNumbers } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/**
 * Numbers as texts up to `?count=`, every `?everyMs=`, after the place that the first frame `{"after": "<id>"}` names;
 * then closes, or with `?hold` is silent. Closes at once for whoever has them all.
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
    if (!(await sendNumbers(visit, after, String))) return
    if (isComplete || !query.has('hold')) socket.close(1000, 'done')
  },
}
