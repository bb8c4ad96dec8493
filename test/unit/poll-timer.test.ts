import { describe, expect, it, vi } from 'vitest'
import { untilNextPoll } from '../../src/engine/poll-timer.ts'
import { fateOf } from './support/fates.ts'
import { type StubbedPage, stubPageForTest } from './support/page.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function wait(pausesWhenHidden = true) {
  const page = stubPageForTest()
  const controller = new AbortController()
  const turn = untilNextPoll(30_000, pausesWhenHidden, controller.signal)
  return { page, turn, leave: () => controller.abort(new Error('left')) }
}

describe('untilNextPoll', () => {
  it('resolves when the interval is over', async () => {
    const { turn } = wait()
    vi.advanceTimersByTime(29_999)
    expect(await fateOf(turn)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await fateOf(turn)).toBe('resolved')
  })

  it.each<[string, (page: StubbedPage) => void]>([
    ['the page is shown', (page) => page.show()],
    ['the page is resumed', (page) => page.resume()],
    ['the page is restored', (page) => page.appear(true)],
    ['the host is online again', (page) => page.goOnline()],
  ])('resolves at once when %s', async (_, comeBack) => {
    const { page, turn } = wait()
    comeBack(page)
    expect(await fateOf(turn)).toBe('resolved')
    expect(page.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stays pending while the page is hidden, even if it is resumed', async () => {
    const { page, turn, leave } = wait()
    page.hide()
    vi.advanceTimersByTime(600_000)
    page.resume()
    expect(await fateOf(turn)).toBe('pending')
    page.show()
    expect(await fateOf(turn)).toBe('resolved')
    leave()
  })

  it('ignores the page if it must not pause while hidden', async () => {
    const { page, turn } = wait(false)
    expect(page.listeners).toBe(0)
    page.hide()
    vi.advanceTimersByTime(30_000)
    expect(await fateOf(turn)).toBe('resolved')
  })

  it('rejects and releases its listeners and its timer when aborted', async () => {
    const { page, turn, leave } = wait()
    leave()
    expect(await fateOf(turn)).toMatchObject({ message: 'left' })
    expect(page.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects at once when it is aborted already', async () => {
    const page = stubPageForTest()
    const turn = untilNextPoll(30_000, true, AbortSignal.abort(new Error('left')))
    expect(await fateOf(turn)).toMatchObject({ message: 'left' })
    expect(page.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it.each<[string, (page: StubbedPage) => void]>([
    ['the host is offline', (page) => page.goOffline()],
    ['the page is frozen', (page) => page.freeze()],
  ])('stays pending when %s', async (_, change) => {
    const { page, turn, leave } = wait()
    change(page)
    expect(await fateOf(turn)).toBe('pending')
    leave()
  })
})
