import { describe, expect, it } from 'vitest'
import { requireNonNegative, requireOneOf, requirePositive, requireUrl } from '../../src/validate.ts'

describe('validation', () => {
  it.each([0, 0.5, 1, Number.POSITIVE_INFINITY, undefined])('accepts %s as a non-negative number', (value) => {
    expect(() => requireNonNegative('x', value)).not.toThrow()
  })

  it.each([-0.1, Number.NaN, Number.NEGATIVE_INFINITY])('throws for %s as a non-negative number', (value) => {
    expect(() => requireNonNegative('x', value)).toThrow(new TypeError(`x must be a non-negative number, got ${value}`))
  })

  it.each([0.5, 1, Number.POSITIVE_INFINITY, undefined])('accepts %s as a positive number', (value) => {
    expect(() => requirePositive('x', value)).not.toThrow()
  })

  it.each([0, -1, Number.NaN])('throws for %s as a positive number', (value) => {
    expect(() => requirePositive('x', value)).toThrow(new TypeError(`x must be a positive number, got ${value}`))
  })

  it('names the allowed values when it throws for another one', () => {
    expect(() => requireOneOf('x', 'a', ['a', 'b'])).not.toThrow()
    expect(() => requireOneOf('x', undefined, ['a', 'b'])).not.toThrow()
    expect(() => requireOneOf('x', 'c', ['a', 'b'])).toThrow(new TypeError("x must be one of 'a', 'b', got 'c'"))
  })

  it.each([
    ['https://example.test/', undefined],
    ['/relative', 'https://example.test/page'],
    // There is no page during SSR.
    ['/relative', undefined],
    [new URL('https://example.test/'), undefined],
    [() => 'checked when it is called', undefined],
  ])('accepts %s as a URL', (url, base) => {
    expect(() => requireUrl('url', url, base)).not.toThrow()
  })

  it.each(['http://', 'https://exa mple/', 7, undefined, null])('throws for %s as a URL', (url) => {
    expect(() => requireUrl('url', url, undefined)).toThrow(TypeError)
    expect(() => requireUrl('url', url, undefined)).toThrow(/^url must be a valid URL, got /)
  })
})
