import { Observable } from 'rxjs'
import { describe, expect, it } from 'vitest'
import { currentDemand, type Demand, withDemand } from '../../src/subscription-context.ts'

function demand(): Demand {
  return { isRespected: false, ready: () => Promise.resolve() }
}

describe('withDemand', () => {
  it('shows the demand to whoever is subscribed meanwhile, and to nobody before or after', () => {
    const mine = demand()
    expect(currentDemand()).toBeUndefined()
    expect(withDemand(mine, () => currentDemand())).toBe(mine)
    expect(currentDemand()).toBeUndefined()
  })

  it('hands on what the subscription returns', () => {
    expect(withDemand(demand(), () => 7)).toBe(7)
  })

  it('shows it through operators', () => {
    const mine = demand()
    let seen: Demand | undefined
    const source = new Observable<number>((subscriber) => {
      seen = currentDemand()
      subscriber.complete()
    })
    withDemand(mine, () =>
      source.pipe((wire) => new Observable((subscriber) => wire.subscribe(subscriber))).subscribe(),
    )
    expect(seen).toBe(mine)
  })

  it('shows the inner of two, and then the outer again', () => {
    const [outer, inner] = [demand(), demand()]
    withDemand(outer, () => {
      expect(withDemand(inner, () => currentDemand())).toBe(inner)
      expect(currentDemand()).toBe(outer)
    })
  })

  it('is over when the subscription throws', () => {
    const fail = () => {
      throw new RangeError('no')
    }
    expect(() => withDemand(demand(), fail)).toThrow('no')
    expect(currentDemand()).toBeUndefined()
  })

  it('is over when what was begun goes on later', async () => {
    const later = withDemand(demand(), async () => {
      await Promise.resolve()
      return currentDemand()
    })
    expect(await later).toBeUndefined()
  })
})

describe('currentDemand', () => {
  it('marks the demand as obeyed, and one that nobody asked for not', () => {
    const [asked, unasked] = [demand(), demand()]
    withDemand(asked, () => currentDemand())
    withDemand(unasked, () => {})
    expect(asked.isRespected).toBe(true)
    expect(unasked.isRespected).toBe(false)
  })
})
