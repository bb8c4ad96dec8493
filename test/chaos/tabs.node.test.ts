import { expect, inject, it, onTestFinished } from 'vitest'
import { type NumberTab, NumberTabs } from '../contract/number-tabs.ts'
import { seededRandom } from '../server/random.ts'

const MESSAGES = 20_000
const CHANGES = 50
const TABS = 5

/** How the tab with the connection loses it. Returns what brings it back. */
const departures: Readonly<Record<string, (tabs: NumberTabs, tab: NumberTab) => Promise<() => Promise<unknown>>>> = {
  closed: async (tabs, tab) => {
    tabs.forget(tab)
    await tab.close()
    return () => tabs.open()
  },
  crashed: async (tabs, tab) => {
    tabs.forget(tab)
    await tab.crash()
    return () => tabs.open()
  },
  frozen: async (tabs, tab) => {
    // Only a hidden page is frozen.
    const other = tabs.all.find((other) => other !== tab)
    await other?.toFront()
    await tab.freeze(true)
    return () => tab.freeze(false)
  },
  left: async (_, tab) => {
    await tab.leave()
    return () => tab.back()
  },
}

it(`${TABS} tabs see each of ${MESSAGES} messages once and in order across ${CHANGES} leaders`, async () => {
  const random = seededRandom(inject('seed'))
  const tabs = new NumberTabs("prefer: 'any'")
  onTestFinished(() => tabs.stop())
  await tabs.start(TABS)
  const startedAtMs = Date.now()
  tabs.log.start(10, 5)
  const kinds = Object.keys(departures)
  const counts: Record<string, number> = {}
  let blackoutMs = 0
  for (let change = 0; change < CHANGES; change += 1) {
    const leader = await tabs.leader()
    await tabs.caughtUp(leader)
    const kind = kinds[change < kinds.length ? change : Math.floor(random() * kinds.length)] ?? 'closed'
    counts[kind] = (counts[kind] ?? 0) + 1
    const leftAtMs = Date.now()
    const restore = await departures[kind]?.(tabs, leader)
    await tabs.leader(leader)
    blackoutMs = Math.max(blackoutMs, Date.now() - leftAtMs)
    if (kind === 'frozen' || kind === 'left') for (const tab of tabs.all) if (tab !== leader) await tabs.caughtUp(tab)
    await restore?.()
    await tabs.allCaughtUp()
  }
  await expect.poll(() => tabs.log.sent, { timeout: 200_000 }).toBeGreaterThanOrEqual(MESSAGES)
  tabs.log.stop()
  await tabs.allCaughtUp()
  for (const tab of tabs.all) {
    const { first, last, count } = await tab.seen()
    expect(count, tab.name).toBe(last - first + 1)
  }
  expect(tabs.log.tabs).toHaveLength(1)
  const { sent, opened, peak } = tabs.log
  console.info({ counts, sent, opened, peak, blackoutMs, tookMs: Date.now() - startedAtMs })
})
