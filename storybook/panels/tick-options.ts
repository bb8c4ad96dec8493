import type { EventSourceOptions } from 'rxwire'
import type { Lab } from './lab.ts'
import type { Tick } from './price-panel.tsx'

/** How the demo feed is asked for: its events, and the token that the server takes now. */
export function tickOptions(lab: Pick<Lab, 'token'>) {
  return {
    events: ['tick'],
    decode: (text: string): Tick => JSON.parse(text),
    headers: async () => ({ authorization: `Bearer ${await lab.token()}` }),
  } satisfies EventSourceOptions<Tick>
}
