import { describe, expect, it, onTestFinished } from 'vitest'
import { type NumberTab, NumberTabs } from './number-tabs.ts'

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

describe('a tab in Chromium that has the connection', () => {
  const departures = {
    'is closed': async (tabs: NumberTabs, tab: NumberTab) => {
      tabs.forget(tab)
      await tab.close()
    },
    crashes: async (tabs: NumberTabs, tab: NumberTab) => {
      tabs.forget(tab)
      await tab.crash()
    },
    'is frozen': async (_: NumberTabs, tab: NumberTab) => tab.freeze(true),
    'is left for another page': async (_: NumberTabs, tab: NumberTab) => tab.leave(),
  }
  it.each(Object.entries(departures))(
    'hands over when it %s, and no message is lost or repeated',
    async (_, depart) => {
      const tabs = await start(3, "prefer: 'any'")
      tabs.log.start(5, 1)
      await tabs.allCaughtUp()
      const first = await tabs.leader()
      await depart(tabs, first)
      await tabs.leader(first)
      for (const tab of tabs.all) if (tab !== first) await tabs.caughtUp(tab)
    },
  )
})
