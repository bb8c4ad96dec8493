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
  it.each(signals)('emits %s', (signal, happen) => {
    const { page, heard, stop } = listen()
    happen(page)
    stop()
    expect(heard).toEqual([signal])
  })

  it('emits nothing for a page that is unloaded or appears for the first time', () => {
    const { page, heard, stop } = listen()
    page.leave(false)
    page.appear(false)
    stop()
    expect(heard).toEqual([])
  })

  it('emits woken when a timer fires much later than it should', () => {
    const { page, heard, stop } = listen()
    page.sleep(60_000)
    vi.advanceTimersByTime(10_000)
    expect(heard).toEqual(['woken'])
    vi.advanceTimersByTime(600_000)
    stop()
    expect(heard).toEqual(['woken'])
  })

  it('emits woken as soon as the page is shown after a sleep', () => {
    const { page, heard, stop } = listen()
    page.hide()
    page.sleep(3_600_000)
    page.show()
    stop()
    expect(heard).toEqual(['hidden', 'shown', 'woken'])
  })

  it('treats a busy page as awake', () => {
    const { page, heard, stop } = listen()
    page.sleep(20_000)
    vi.advanceTimersByTime(10_000)
    stop()
    expect(heard).toEqual([])
  })

  it('treats a hidden page whose timers run once a minute as awake, even when it is shown again', () => {
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

  it('emits nothing when the clock is set back', () => {
    const { page, heard, stop } = listen()
    page.sleep(-3_600_000)
    vi.advanceTimersByTime(60_000)
    stop()
    expect(heard).toEqual([])
  })

  it('shares one set of listeners and one timer among all subscribers and releases them with the last one', () => {
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

  it('emits nothing and sets no timer on hosts without a page', () => {
    const complete = vi.fn()
    lifecycle().subscribe({ complete }).unsubscribe()
    expect(vi.getTimerCount()).toBe(0)
  })
})
