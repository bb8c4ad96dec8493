import { describe, expect, it, vi } from 'vitest'
import { untilNextPoll } from '../../../src/engine/poll-timer.ts'
import { fateOf } from '../support/fates.ts'
import { type StubbedPage, stubPageForTest } from '../support/page.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

function wait(pausesWhenHidden = true) {
  const page = stubPageForTest()
  const controller = new AbortController()
  const turn = untilNextPoll(30_000, pausesWhenHidden, controller.signal)
  return { page, turn, leave: () => controller.abort(new Error('left')) }
}

describe('nextTurn', () => {
  it('comes when its time has come', async () => {
    const { turn } = wait()
    vi.advanceTimersByTime(29_999)
    expect(await fateOf(turn)).toBe('pending')
    vi.advanceTimersByTime(1)
    expect(await fateOf(turn)).toBe('resolved')
  })

  it.each<[string, (page: StubbedPage) => void]>([
    ['the page is shown', (page) => page.show()],
    ['the page is resumed', (page) => page.resume()],
    ['the page is back', (page) => page.appear(true)],
    ['the network is back', (page) => page.goOnline()],
  ])('comes at once when %s', async (_, comeBack) => {
    const { page, turn } = wait()
    comeBack(page)
    expect(await fateOf(turn)).toBe('resolved')
    expect(page.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not come while the page is hidden, also when it is resumed', async () => {
    const { page, turn, leave } = wait()
    page.hide()
    vi.advanceTimersByTime(600_000)
    page.resume()
    expect(await fateOf(turn)).toBe('pending')
    page.show()
    expect(await fateOf(turn)).toBe('resolved')
    leave()
  })

  it('takes no notice of the page where it is told so', async () => {
    const { page, turn } = wait(false)
    expect(page.listeners).toBe(0)
    page.hide()
    vi.advanceTimersByTime(30_000)
    expect(await fateOf(turn)).toBe('resolved')
  })

  it('leaves nothing behind when it is aborted', async () => {
    const { page, turn, leave } = wait()
    leave()
    expect(await fateOf(turn)).toMatchObject({ message: 'left' })
    expect(page.listeners).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})
