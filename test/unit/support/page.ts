import { onTestFinished, vi } from 'vitest'
import { type StubbedNetwork, stubNetwork } from './network.ts'

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

/** Stubs a `document`, in addition to {@link stubNetwork}. */
export function stubPage(): StubbedPage {
  const network = stubNetwork()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  let listeners = 0
  const add = document.addEventListener.bind(document)
  const remove = document.removeEventListener.bind(document)
  document.addEventListener = (type: string, listener: EventListener) => {
    listeners += 1
    add(type, listener)
  }
  document.removeEventListener = (type: string, listener: EventListener) => {
    listeners -= 1
    remove(type, listener)
  }
  vi.stubGlobal('document', document)
  const look = (visibilityState: string) => {
    document.visibilityState = visibilityState
    document.dispatchEvent(new Event('visibilitychange'))
  }
  const turnPage = (type: string, persisted: boolean) => {
    dispatchEvent(Object.assign(new Event(type), { persisted }))
  }
  return {
    claim: network.claim,
    goOffline: network.goOffline,
    goOnline: network.goOnline,
    get listeners() {
      return network.listeners + listeners
    },
    restore: network.restore,
    hide: () => look('hidden'),
    show: () => look('visible'),
    freeze: () => document.dispatchEvent(new Event('freeze')),
    resume: () => document.dispatchEvent(new Event('resume')),
    leave: (isKept) => turnPage('pagehide', isKept),
    appear: (wasKept) => turnPage('pageshow', wasKept),
    sleep: (ms) => vi.setSystemTime(Date.now() + ms),
  }
}

/** {@link stubPage} until the test is over. */
export function stubPageForTest(): StubbedPage {
  const page = stubPage()
  // Finishers run last in, first out, so sessions that the test starts later end before the page is restored.
  onTestFinished(() => page.restore())
  return page
}
