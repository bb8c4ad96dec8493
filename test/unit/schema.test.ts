import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isSchema, validate } from '../../src/schema.ts'
import { unhandledRejections } from './support/fates.ts'

const callable = Object.assign(() => {}, { '~standard': {} })

describe('isSchema', () => {
  it.each([[z.string()], [{ '~standard': {} }], [callable]])('sees a schema in %o', (value) => {
    expect(isSchema(value)).toBe(true)
  })

  it.each([[undefined], [null], [7], ['~standard'], [{}], [[]], [JSON.parse]])('sees none in %o', (value) => {
    expect(isSchema(value)).toBe(false)
  })
})

describe('validate', () => {
  it('returns what the schema makes of the value, be it nothing', () => {
    expect(validate(z.string().transform(Number), '7')).toBe(7)
    expect(validate({ '~standard': { validate: () => ({ value: undefined }) } }, 'x')).toBeUndefined()
  })

  it('throws a TypeError with all that the schema says against it', () => {
    const issues = [{ message: 'too long' }, { message: 'too late' }]
    const schema = { '~standard': { validate: () => ({ issues }) } }
    expect(() => validate(schema, 'x')).toThrow(new TypeError('too long; too late'))
  })

  it('refuses one that takes its time, and leaves no rejection behind', async () => {
    const schema = { '~standard': { validate: () => Promise.reject(new Error('late')) } }
    const rejections = await unhandledRejections(() => {
      expect(() => validate(schema, 'x')).toThrow(TypeError)
      expect(() => validate(schema, 'x')).toThrow('asynchronous')
    })
    expect(rejections).toEqual([])
  })
})
