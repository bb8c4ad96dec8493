import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { type OutboxBounds, type OutboxStep, OutboxWalk } from './support/outbox-walk.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

const which = fc.nat(40)
const credit = fc.constantFrom(0, 1, 2, Number.POSITIVE_INFINITY)

const step: fc.Arbitrary<OutboxStep> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      bytes: fc.nat(6),
      topic: fc.constantFrom('a', 'b', 'c'),
      ttlMs: fc.constantFrom(undefined, undefined, undefined, 0, 10),
      until: fc.constantFrom('sent' as const, 'acknowledged' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('attach' as const), credit }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('open' as const), which, credit }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('detach' as const, 'shut' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1, 5, 20) }) },
  { weight: 1, arbitrary: fc.constant<OutboxStep>({ kind: 'clear' }) },
)

const bounds: fc.Arbitrary<OutboxBounds> = fc.record({
  overflow: fc.constantFrom('reject' as const, 'drop-oldest' as const, 'drop-newest' as const, 'conflate' as const),
  isAcknowledged: fc.constantFrom(true, true, false),
  capacity: fc.integer({ min: 1, max: 5 }),
  capacityBytes: fc.integer({ min: 4, max: 20 }),
})

it('an outbox delivers, holds or rejects each message in order and within its bounds, for any sequence of steps', async () => {
  const seen = new Set<string>()
  await fc.assert(
    fc.asyncProperty(bounds, fc.array(step, { maxLength: 60, size: 'max' }), async (given, steps) => {
      const walk = new OutboxWalk(given)
      try {
        for (const each of steps) await walk.take(each)
        await walk.settle()
      } finally {
        vi.clearAllTimers()
      }
      for (const each of walk.seen) seen.add(each)
    }),
    { numRuns: 500 },
  )
  // The random walks reach every outcome.
  expect([...seen].sort()).toEqual([
    'aborted',
    'acknowledged',
    'acknowledged while it waited again',
    'cleared',
    'conflated',
    'expired',
    'landed',
    'made room',
    'outdated',
    'refused',
  ])
})
