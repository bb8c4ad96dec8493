import { networkStatus } from 'rxwire'
import { expect, it } from 'vitest'
import { stubNetworkForTest } from './support/network.ts'

it('emits the current status and every change', () => {
  const network = stubNetworkForTest()
  const seen: string[] = []
  const subscription = networkStatus().subscribe((status) => seen.push(status))
  network.goOnline()
  network.goOffline()
  network.goOffline()
  const late: string[] = []
  networkStatus()
    .subscribe((status) => late.push(status))
    .unsubscribe()
  network.goOnline()
  subscription.unsubscribe()
  expect(seen).toEqual(['online', 'offline', 'online'])
  expect(late).toEqual(['offline'])
  expect(network.listeners).toBe(0)
})
