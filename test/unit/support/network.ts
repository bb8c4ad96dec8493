import { onTestFinished, vi } from 'vitest'

/** A host whose network status the test controls. */
export interface StubbedNetwork {
  /** Sets `navigator.onLine` without an event. */
  claim(online: boolean): void
  goOffline(): void
  goOnline(): void
  /** How many listeners are registered on the host. */
  readonly listeners: number
  restore(): void
}

/** Stubs `navigator.onLine` and the events `online` and `offline`, which Node lacks. */
export function stubNetwork(): StubbedNetwork {
  const host = new EventTarget()
  const navigator = { onLine: true }
  let listeners = 0
  vi.stubGlobal('navigator', navigator)
  vi.stubGlobal('addEventListener', (type: string, listener: EventListener) => {
    listeners += 1
    host.addEventListener(type, listener)
  })
  vi.stubGlobal('removeEventListener', (type: string, listener: EventListener) => {
    listeners -= 1
    host.removeEventListener(type, listener)
  })
  vi.stubGlobal('dispatchEvent', (event: Event) => host.dispatchEvent(event))
  return {
    claim: (online) => {
      navigator.onLine = online
    },
    goOffline: () => {
      navigator.onLine = false
      host.dispatchEvent(new Event('offline'))
    },
    goOnline: () => {
      navigator.onLine = true
      host.dispatchEvent(new Event('online'))
    },
    get listeners() {
      return listeners
    },
    restore: () => {
      vi.unstubAllGlobals()
    },
  }
}

/** {@link stubNetwork} until the test is over. */
export function stubNetworkForTest(): StubbedNetwork {
  const network = stubNetwork()
  // Finishers run last in, first out, so sessions that the test starts later end before the host is restored.
  onTestFinished(() => network.restore())
  return network
}
