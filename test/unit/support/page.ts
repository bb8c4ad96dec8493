import { fakeNetwork } from 'rxwire/testing'
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

/** A host with a page whose lifecycle the test controls. */
export interface StubbedPage extends StubbedNetwork {
  hide(): void
  show(): void
  freeze(): void
  resume(): void
  /** Fires `pagehide`. `isKept` is whether the page enters the back/forward cache. */
  leave(isKept: boolean): void
  /** Fires `pageshow`. `wasKept` is whether the page comes from the back/forward cache. */
  appear(wasKept: boolean): void
  /** Simulates a sleep of the machine: the clock advances, timers do not run. */
  sleep(ms: number): void
}

/** The page of the test kit, for tests that use the fake timers of Vitest and make no connection. */
export function stubPage(): StubbedPage {
  const net = fakeNetwork()
  net.install({ time: false, random: false, passThrough: () => true })
  const claim = (online: boolean) => Object.assign(navigator, { onLine: online })
  const change = (online: boolean) => {
    claim(online)
    dispatchEvent(new Event(online ? 'online' : 'offline'))
  }
  return {
    claim,
    goOffline: () => change(false),
    goOnline: () => change(true),
    get listeners() {
      return net.listeners
    },
    restore: () => net.uninstall(),
    hide: () => net.hide(),
    show: () => net.show(),
    freeze: () => document.dispatchEvent(new Event('freeze')),
    resume: () => net.resume(),
    leave: (isKept) => net.pageHide(isKept),
    appear: (wasKept) => net.pageShow(wasKept),
    sleep: (ms) => net.shiftClock(ms),
  }
}

/** {@link stubPage} until the test is over. */
export function stubPageForTest(): StubbedPage {
  const page = stubPage()
  // Finishers run last in, first out, so sessions that the test starts later end before the page is restored.
  onTestFinished(() => page.restore())
  return page
}

/** {@link stubPageForTest} without a `document`, as in a worker. */
export function stubNetworkForTest(): StubbedNetwork {
  const page = stubPageForTest()
  vi.stubGlobal('document', undefined)
  onTestFinished(() => {
    vi.unstubAllGlobals()
  })
  return page
}
