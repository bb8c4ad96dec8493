import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { RandomWalk, type Step } from './support/random-walk.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 150, 700, 1_000, 5_000, 80_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('lose' as const), retryAfterMs: fc.constantFrom(undefined, 20_000) }),
  },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'open' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('message' as const), id: fc.constantFrom('', '1', '2') }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'message without id' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('resume' as const), id: fc.constantFrom('', '1', '3') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('patience' as const), ms: fc.constantFrom(0, 7_000) }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ kind: 'expire' }, { kind: 'keep' }) },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ kind: 'offline' }, { kind: 'online' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Step>(
      { kind: 'hidden' },
      { kind: 'shown' },
      { kind: 'frozen' },
      { kind: 'resumed' },
      { kind: 'stored' },
      { kind: 'restored' },
      { kind: 'sleep' },
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'now' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ghost' as const), which: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('arm' as const),
      on: fc.constantFrom('waiting' as const, 'connecting' as const),
      what: fc.constantFrom('now' as const, 'now' as const, 'leave' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'refuse' }, { kind: 'complete' }, { kind: 'leave' }) },
)

const policy = fc.record({
  maxRetries: fc.constantFrom(undefined, undefined, 0, 3),
  connectTimeoutMs: fc.constantFrom(undefined, 3_000),
  whileHidden: fc.constantFrom(undefined, 'wait' as const),
})

it('reconnecting runs one attempt at a time, waits before each and releases everything, for any sequence of steps', () => {
  const seen = new Set<string>()
  let longest = 0
  fc.assert(
    fc.property(policy, fc.array(step, { maxLength: 60, size: 'max' }), (given, steps) => {
      const walk = new RandomWalk(given)
      try {
        for (const each of steps) walk.take(each)
        walk.settle()
      } finally {
        walk.restore()
        vi.clearAllTimers()
      }
      for (const { type } of walk.events) seen.add(type)
      longest = Math.max(longest, walk.events.length)
    }),
    { numRuns: 1_000 },
  )
  // The random walks reach every event type.
  expect([...seen].sort()).toEqual(['close', 'connecting', 'message', 'open', 'waiting'])
  expect(longest).toBeGreaterThan(20)
})
