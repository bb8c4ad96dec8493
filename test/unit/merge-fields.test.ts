import { describe, expect, it, vi } from 'vitest'
import { lazyFields, mergeFields } from '../../adapters/react/field-tracker.ts'

const getterOf = (fields: object, name: string) => Object.getOwnPropertyDescriptor(fields, name)?.get

describe('mergeFields', () => {
  it('reads a field by one getter, however often it was merged', () => {
    const state = lazyFields<{ data: number }>(['data'], () => 1)
    const merged = mergeFields(mergeFields(state, { stop: 2 }), { send: 3 })
    expect(getterOf(merged, 'data')).toBe(getterOf(state, 'data'))
    expect({ ...merged }).toEqual({ data: 1, stop: 2, send: 3 })
  })

  it('reads no field while it merges', () => {
    const read = vi.fn(() => 1)
    const merged = mergeFields(lazyFields<{ data: number }>(['data'], read), { stop: 2 })
    expect(read).not.toHaveBeenCalled()
    expect(merged.data).toBe(1)
  })

  it('takes the last of two fields with the same name', () => {
    expect({ ...mergeFields({ a: 1, b: 1 }, { b: 2 }, { c: 3 }) }).toEqual({ a: 1, b: 2, c: 3 })
  })
})
