import { networkStatus } from 'rxwire'
import { expect, it } from 'vitest'
import { networkForEachTest } from './support/net.ts'

const net = networkForEachTest()

it('emits the current status and every change', () => {
  const seen: string[] = []
  const subscription = networkStatus().subscribe((status) => seen.push(status))
  dispatchEvent(new Event('online'))
  net.offline()
  dispatchEvent(new Event('offline'))
  const late: string[] = []
  networkStatus()
    .subscribe((status) => late.push(status))
    .unsubscribe()
  net.online()
  subscription.unsubscribe()
  expect(seen).toEqual(['online', 'offline', 'online'])
  expect(late).toEqual(['offline'])
  expect(net.listeners).toBe(0)
})
