import { merge, Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { type SubscriptionContext, takeContext, withContext } from '../../src/subscription-context.ts'

function contextOf(): SubscriptionContext {
  return { backpressure: { isRespected: false, ready: () => Promise.resolve() } }
}

/** What a source would receive now. */
function taken(): SubscriptionContext {
  return takeContext((context) => context)
}

/** A source that records the context of each of its subscriptions. */
function sourceNoting(seen: SubscriptionContext[]): Observable<never> {
  return new Observable((subscriber) =>
    takeContext((context) => {
      seen.push(context)
      subscriber.complete()
    }),
  )
}

describe('withContext', () => {
  it('passes the context to subscriptions within it and to none before or after', () => {
    const mine = contextOf()
    expect(taken()).toEqual({})
    expect(withContext(mine, taken)).toBe(mine)
    expect(taken()).toEqual({})
  })

  it('returns what the subscription returns', () => {
    expect(withContext(contextOf(), () => 7)).toBe(7)
  })

  it('reaches the source through operators', () => {
    const mine = contextOf()
    const seen: SubscriptionContext[] = []
    const wrapped = sourceNoting(seen).pipe((wire) => new Observable((subscriber) => wire.subscribe(subscriber)))
    withContext(mine, () => wrapped.subscribe())
    expect(seen).toEqual([mine])
    expect(seen[0]).toBe(mine)
  })

  it('reaches every source of one subscription', () => {
    const mine = contextOf()
    const seen: SubscriptionContext[] = []
    withContext(mine, () => merge(sourceNoting(seen), sourceNoting(seen)).subscribe())
    expect(seen).toHaveLength(2)
    expect(seen.every((context) => context === mine)).toBe(true)
  })

  it('restores the outer context after an inner one', () => {
    const [outer, inner] = [contextOf(), contextOf()]
    withContext(outer, () => {
      expect(withContext(inner, taken)).toBe(inner)
      expect(taken()).toBe(outer)
    })
  })

  it('ends when the subscription throws', () => {
    const fail = () => {
      throw new RangeError('no')
    }
    expect(() => withContext(contextOf(), fail)).toThrow('no')
    expect(taken()).toEqual({})
  })

  it('does not reach later subscriptions', async () => {
    const later = withContext(contextOf(), async () => {
      await Promise.resolve()
      return taken()
    })
    expect(await later).toEqual({})
  })
})

describe('takeContext', () => {
  it('leaves the slot empty while caller code runs', () => {
    withContext(contextOf(), () => {
      takeContext(() => {
        expect(taken()).toEqual({})
      })
    })
  })

  it('restores the context when caller code throws', () => {
    const mine = contextOf()
    withContext(mine, () => {
      const fail = () => {
        throw new RangeError('no')
      }
      expect(() => takeContext(fail)).toThrow('no')
      expect(taken()).toBe(mine)
    })
  })
})
