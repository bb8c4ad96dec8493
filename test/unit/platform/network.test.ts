import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { isOffline, networkChanges } from '../../../src/platform/page-lifecycle.ts'
import { stubNetworkForTest } from '../support/page.ts'

describe('isOffline', () => {
  it.each([
    [{ onLine: false }, true],
    [{ onLine: true }, false],
    [{}, false],
    [undefined, false],
  ])('maps a navigator of %j to %s', (navigator, expected) => {
    vi.stubGlobal('navigator', navigator)
    onTestFinished(() => {
      vi.unstubAllGlobals()
    })
    expect(isOffline()).toBe(expected)
  })
})

describe('networkChanges', () => {
  it('emits each network change until unsubscribed', () => {
    const network = stubNetworkForTest()
    const seen: boolean[] = []
    const subscription = networkChanges().subscribe((online) => seen.push(online))
    network.goOffline()
    network.goOnline()
    subscription.unsubscribe()
    network.goOffline()
    expect(seen).toEqual([false, true])
    expect(network.listeners).toBe(0)
  })

  it('completes at once on hosts without network events', () => {
    const complete = vi.fn()
    networkChanges().subscribe({ complete })
    expect(complete).toHaveBeenCalledTimes(1)
  })
})
