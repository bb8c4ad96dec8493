import type { EventSourceOptions } from 'rxwire'
import type { Tick } from '../../test/server/prices.ts'
import type { Lab } from './lab.ts'

/** Options of the demo feed: the type of its messages, and the valid token. */
export function tickOptions(lab: Pick<Lab, 'token'>) {
  return {
    decode: (text: string): Tick => JSON.parse(text),
    headers: async () => ({ authorization: `Bearer ${await lab.token()}` }),
  } satisfies EventSourceOptions<Tick>
}
