import { firehose } from '../firehose.ts'
import { send } from '../frames.ts'
import type { SocketScenario } from '../scenario.ts'

/** Sends one number per message, `?perSecond=` for `?seconds=`; then closes. */
export const wsFirehose: SocketScenario = {
  path: '/ws/firehose',
  async serve(visit) {
    for await (const numbers of firehose(visit.query)) {
      if (!(await send(visit, numbers.map(String)))) return
    }
    visit.socket.close(1000, 'done')
  },
}
