import type { Lab } from '../lab.ts'
import type { Scenario } from '../scenario.ts'
import { startTwoServers, type TwoServers } from '../two-servers.ts'

const running = new WeakMap<Lab, Promise<TwoServers>>()

/** Starts the two servers with the first request. They stop with the lab. */
function twoServersOf(lab: Lab): Promise<TwoServers> {
  const known = running.get(lab)
  if (known !== undefined) return known
  const starting = startTwoServers()
  running.set(lab, starting)
  starting.then(
    (both) => lab.onClose(() => both.close()),
    // The next request tries again.
    () => running.delete(lab),
  )
  return starting
}

/** The address and the state of two servers of one feed. A POST kills the one that `?kill=` names. */
export const twoServers: Scenario = {
  path: '/two-servers',
  async serve({ request, response, query, lab }) {
    const both = await twoServersOf(lab)
    if (request.method === 'POST') await both.kill(query.get('kill') ?? '')
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(both.state))
  },
}
