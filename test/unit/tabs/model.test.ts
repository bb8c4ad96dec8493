import fc from 'fast-check'
import { fakeNetwork } from 'rxwire/testing'
import { expect, it } from 'vitest'
import { type TabStep, TabWalk } from '../support/tab-walk.ts'

const which = fc.oneof(fc.nat(7), fc.constant('leader' as const))

const step: fc.Arbitrary<TabStep> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('send' as const), count: fc.constantFrom(1, 2, 7, 40) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(0, 1, 20, 300, 1_000, 2_000, 7_000, 30_000),
    }),
  },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constantFrom(...(['freeze', 'resume', 'kill', 'hang', 'thaw', 'hide', 'show', 'slow', 'fast'] as const)),
      which,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(...(['open', 'open', 'cut', 'offline', 'online', 'clear storage'] as const)),
    }),
  },
)

async function walk(tabs: number, start: 'earliest' | 'now', steps: readonly TabStep[]): Promise<TabWalk> {
  const net = fakeNetwork()
  net.install()
  const tabWalk = new TabWalk(net, tabs, start)
  try {
    await net.advance(1_000)
    for (const each of steps) await tabWalk.take(each)
    await tabWalk.settle()
    return tabWalk
  } finally {
    tabWalk.end()
    net.uninstall()
  }
}

it('every tab sees each message once and in order, for any sequence of faults', async () => {
  let terms = 0
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 3, max: 6 }),
      fc.constantFrom('earliest' as const, 'now' as const),
      fc.array(step, { maxLength: 40, size: 'max' }),
      async (tabs, start, steps) => {
        const { browser } = await walk(tabs, start, steps)
        for (const term of browser.storage.values()) terms += term
      },
    ),
    { numRuns: Number(process.env.RUNS ?? 60) },
  )
  // The walks change the leader often.
  expect(terms).toBeGreaterThan(100)
})

// Found by the walks above.
const found: Readonly<Record<string, readonly [tabs: number, start: 'earliest' | 'now', steps: readonly TabStep[]]>> = {
  'no tab follows a leader without a resume point by its position alone': [
    4,
    'now',
    [
      { kind: 'freeze', which: 3 },
      { kind: 'send', count: 40 },
      { kind: 'resume', which: 3 },
      { kind: 'hide', which: 0 },
      { kind: 'pass', ms: 30_000 },
      { kind: 'kill', which: 'leader' },
      { kind: 'send', count: 1 },
      { kind: 'freeze', which: 1 },
    ],
  ],
  'a leader raises its term above one that only a tab without a position remembers': [
    5,
    'earliest',
    [
      { kind: 'hang', which: 4 },
      { kind: 'kill', which: 'leader' },
      { kind: 'kill', which: 0 },
      { kind: 'hide', which: 'leader' },
      { kind: 'pass', ms: 7_000 },
      { kind: 'kill', which: 0 },
      { kind: 'freeze', which: 'leader' },
      { kind: 'clear storage' },
      { kind: 'hide', which: 1 },
    ],
  ],
}

it.each(Object.entries(found))('%s', async (_, [tabs, start, steps]) => {
  await walk(tabs, start, steps)
})
