import { describe, expect, it, vi } from 'vitest'
import { type LifecycleSignal, lifecycle } from '../../../src/platform/page-lifecycle.ts'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

function listen() {
  const heard: LifecycleSignal[] = []
  const subscription = lifecycle().subscribe((signal) => heard.push(signal))
  return { heard, stop: () => subscription.unsubscribe() }
}

const signals: [LifecycleSignal, () => void][] = [
  ['offline', () => net.offline()],
  [
    'online',
    () => {
      Object.assign(navigator, { onLine: false })
      net.online()
    },
  ],
  ['hidden', () => net.hide()],
  ['shown', () => net.show()],
  ['frozen', () => net.freeze()],
  ['resumed', () => net.resume()],
  ['stored', () => net.pageHide()],
  ['restored', () => net.pageShow()],
]

describe('lifecycle', () => {
  it.each(signals)('emits %s', (signal, happen) => {
    const { heard, stop } = listen()
    happen()
    stop()
    expect(heard).toEqual([signal])
  })

  it('emits nothing for a page that is unloaded or appears for the first time', () => {
    const { heard, stop } = listen()
    net.pageHide(false)
    net.pageShow(false)
    stop()
    expect(heard).toEqual([])
  })

  it('emits woken when a timer fires much later than it should', async () => {
    const { heard, stop } = listen()
    net.sleep(60_000)
    await net.advance(10_000)
    expect(heard).toEqual(['woken'])
    await net.advance(600_000)
    stop()
    expect(heard).toEqual(['woken'])
  })

  it('emits woken as soon as the page is shown after a sleep', () => {
    const { heard, stop } = listen()
    net.hide()
    net.sleep(3_600_000)
    net.show()
    stop()
    expect(heard).toEqual(['hidden', 'shown', 'woken'])
  })

  it('treats a busy page as awake', async () => {
    const { heard, stop } = listen()
    net.sleep(20_000)
    await net.advance(10_000)
    stop()
    expect(heard).toEqual([])
  })

  it('treats a hidden page whose timers run once a minute as awake, even when it is shown again', async () => {
    const { heard, stop } = listen()
    net.hide()
    for (let minute = 0; minute < 5; minute++) {
      net.sleep(60_000)
      await net.advance(10_000)
    }
    net.sleep(60_000)
    net.show()
    await net.advance(10_000)
    stop()
    expect(heard).toEqual(['hidden', 'shown'])
  })

  it('emits nothing when the clock is set back', async () => {
    const { heard, stop } = listen()
    net.shiftClock(-3_600_000)
    await net.advance(60_000)
    stop()
    expect(heard).toEqual([])
  })

  it('shares one set of listeners and one timer among all subscribers and releases them with the last one', () => {
    const { stop } = listen()
    const { listeners } = net
    expect(listeners).toBeGreaterThan(0)
    const others = [1, 2, 3].map(() => lifecycle().subscribe())
    expect(net.listeners).toBe(listeners)
    expect(net.timers).toBe(1)
    stop()
    expect(net.listeners).toBe(listeners)
    for (const other of others) other.unsubscribe()
    expect(net.listeners).toBe(0)
    expect(net.timers).toBe(0)
  })

  it('emits nothing and sets no timer on hosts without a page', () => {
    net.install({ page: false })
    const complete = vi.fn()
    lifecycle().subscribe({ complete }).unsubscribe()
    expect(net.timers).toBe(0)
  })
})
