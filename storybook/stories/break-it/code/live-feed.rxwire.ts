import { json } from 'rxwire'
import { useEventSource } from 'rxwire/react'
import type { Tick } from '../../../../test/server/prices.ts'

export function useLiveFeed(url: string, getToken: () => Promise<string>, onTick: (tick: Tick) => void) {
  return useEventSource(url, {
    decode: json<Tick>(),
    headers: async () => ({ authorization: `Bearer ${await getToken()}` }),
    stallTimeoutMs: 3_000,
    onMessage: onTick,
  })
}
