import { onTestFinished, vi } from 'vitest'
import { type StubbedNetwork, stubNetwork } from './network.ts'

/** A host with a page in it, which is shown, hidden, frozen and left as the test says. */
export interface StubbedPage extends StubbedNetwork {
  hide(): void
  show(): void
  freeze(): void
  resume(): void
  /** The page is left. `isKept` says whether the browser keeps it for the way back. */
  leave(isKept: boolean): void
  /** The page appears: back from where it was kept, or for the first time. */
  appear(wasKept: boolean): void
  /** The machine sleeps: the clock goes on, the timers do not. */
  sleep(ms: number): void
}

/** Gives Node what browsers have: a `document`, and what {@link stubNetwork} gives. */
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
  // Finishers run last in, first out: sessions that the test starts later still find their page.
  onTestFinished(() => page.restore())
  return page
}
