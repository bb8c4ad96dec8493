import { describe, expect, it, vi } from 'vitest'
import { mergeFields, observeReads, unobserved } from '../../adapters/react/field-tracker.ts'

describe('mergeFields', () => {
  it('reports each read once, however often the fields were merged', () => {
    const onRead = vi.fn()
    const state = observeReads({ data: 1 }, onRead)
    const merged = mergeFields(mergeFields(state, { stop: 2 }), { send: 3 })
    expect(onRead).not.toHaveBeenCalled()
    expect(merged.data).toBe(1)
    expect(onRead.mock.calls).toEqual([['data']])
    expect({ ...merged }).toEqual({ data: 1, stop: 2, send: 3 })
  })

  it('takes the last of two fields with the same name', () => {
    expect({ ...mergeFields({ a: 1, b: 1 }, { b: 2 }, { c: 3 }) }).toEqual({ a: 1, b: 2, c: 3 })
  })

  it('gives access to the fields without a read', () => {
    const onRead = vi.fn()
    const merged = mergeFields(observeReads({ data: 1 }, onRead), { stop: 2 })
    expect(unobserved(merged)).toEqual({ data: 1, stop: 2 })
    expect(unobserved({ plain: 1 })).toEqual({ plain: 1 })
    expect(onRead).not.toHaveBeenCalled()
  })
})
