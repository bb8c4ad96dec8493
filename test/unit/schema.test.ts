import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isSchema, validate } from '../../src/schema.ts'
import { unhandledRejections } from './support/fates.ts'

const callable = Object.assign(() => {}, { '~standard': {} })

describe('isSchema', () => {
  it.each([[z.string()], [{ '~standard': {} }], [callable]])('returns true for %o', (value) => {
    expect(isSchema(value)).toBe(true)
  })

  it.each([[undefined], [null], [7], ['~standard'], [{}], [[]], [JSON.parse]])('returns false for %o', (value) => {
    expect(isSchema(value)).toBe(false)
  })
})

describe('validate', () => {
  it('returns the output of the schema, even if it is undefined', () => {
    expect(validate(z.string().transform(Number), '7')).toBe(7)
    expect(validate({ '~standard': { validate: () => ({ value: undefined }) } }, 'x')).toBeUndefined()
  })

  it('throws a TypeError that lists all issues', () => {
    const issues = [{ message: 'too long' }, { message: 'too late' }]
    const schema = { '~standard': { validate: () => ({ issues }) } }
    expect(() => validate(schema, 'x')).toThrow(new TypeError('too long; too late'))
  })

  it('throws a TypeError for an asynchronous schema and handles its rejection', async () => {
    const schema = { '~standard': { validate: () => Promise.reject(new Error('late')) } }
    const rejections = await unhandledRejections(() => {
      expect(() => validate(schema, 'x')).toThrow(TypeError)
      expect(() => validate(schema, 'x')).toThrow('asynchronous')
    })
    expect(rejections).toEqual([])
  })
})
