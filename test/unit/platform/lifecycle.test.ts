import { describe, expect, it, vi } from 'vitest'
import { type LifecycleSignal, lifecycle } from '../../../src/platform/page-lifecycle.ts'
import { type StubbedPage, stubPageForTest } from '../support/page.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

function listen() {
  const page = stubPageForTest()
  const heard: LifecycleSignal[] = []
  const subscription = lifecycle().subscribe((signal) => heard.push(signal))
  return { page, heard, stop: () => subscription.unsubscribe() }
}

const signals: [LifecycleSignal, (page: StubbedPage) => void][] = [
  ['offline', (page) => page.goOffline()],
  ['online', (page) => page.goOnline()],
  ['hidden', (page) => page.hide()],
  ['shown', (page) => page.show()],
  ['frozen', (page) => page.freeze()],
  ['resumed', (page) => page.resume()],
  ['stored', (page) => page.leave(true)],
  ['restored', (page) => page.appear(true)],
]

describe('lifecycle', () => {
  it.each(signals)('says %s', (signal, happen) => {
    const { page, heard, stop } = listen()
    happen(page)
    stop()
    expect(heard).toEqual([signal])
  })

  it('says nothing of a page that is not kept, nor of one that appears for the first time', () => {
    const { page, heard, stop } = listen()
    page.leave(false)
    page.appear(false)
    stop()
    expect(heard).toEqual([])
  })

  it('says woken when a timer comes much later than it should', () => {
    const { page, heard, stop } = listen()
    page.sleep(60_000)
    vi.advanceTimersByTime(10_000)
    expect(heard).toEqual(['woken'])
    vi.advanceTimersByTime(600_000)
    stop()
    expect(heard).toEqual(['woken'])
  })

  it('says woken as soon as the page is shown after a sleep', () => {
    const { page, heard, stop } = listen()
    page.hide()
    page.sleep(3_600_000)
    page.show()
    stop()
    expect(heard).toEqual(['hidden', 'shown', 'woken'])
  })

  it('takes a busy page for awake', () => {
    const { page, heard, stop } = listen()
    page.sleep(20_000)
    vi.advanceTimersByTime(10_000)
    stop()
    expect(heard).toEqual([])
  })

  it('takes a hidden page, whose timers run once a minute, for awake, also when it is shown again', () => {
    const { page, heard, stop } = listen()
    page.hide()
    for (let minute = 0; minute < 5; minute++) {
      page.sleep(60_000)
      vi.advanceTimersByTime(10_000)
    }
    page.sleep(60_000)
    page.show()
    vi.advanceTimersByTime(10_000)
    stop()
    expect(heard).toEqual(['hidden', 'shown'])
  })

  it('takes a clock that was set back for a clock that was set back', () => {
    const { page, heard, stop } = listen()
    page.sleep(-3_600_000)
    vi.advanceTimersByTime(60_000)
    stop()
    expect(heard).toEqual([])
  })

  it('hangs on the page with one set of listeners and one timer, however many listen, and with none for nobody', () => {
    const { page, stop } = listen()
    const { listeners } = page
    expect(listeners).toBeGreaterThan(0)
    const others = [1, 2, 3].map(() => lifecycle().subscribe())
    expect(page.listeners).toBe(listeners)
    expect(vi.getTimerCount()).toBe(1)
    stop()
    expect(page.listeners).toBe(listeners)
    for (const other of others) other.unsubscribe()
    expect(page.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is silent on hosts without a page, and sets no timer there', () => {
    const complete = vi.fn()
    lifecycle().subscribe({ complete }).unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
  })
})
