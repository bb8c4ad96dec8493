import { describe, expect, it, onTestFinished } from 'vitest'
import { NumberTabs } from './number-tabs.ts'

async function start(count: number, options?: string): Promise<NumberTabs> {
  const tabs = new NumberTabs(options)
  onTestFinished(() => tabs.stop())
  await tabs.start(count)
  return tabs
}

describe('tabs in Chromium', () => {
  it('share one connection, and leave the others of the origin free', async () => {
    const tabs = await start(6)
    tabs.log.start(20, 1)
    await tabs.allCaughtUp()
    expect(tabs.log.opened).toBe(1)
    const seventh = await tabs.openIdle()
    expect(await seventh.run("fetch('/answer').then((response) => response.text())")).toBe('answer')
    const late = await tabs.open()
    await tabs.caughtUp(late)
    expect((await late.seen()).first).toBe(1)
    expect(tabs.log.opened).toBe(1)
  })
})
