import { afterEach, describe, expect, it, vi } from 'vitest'
import { isMultiplexed } from '../../../src/platform/globals.ts'

afterEach(() => vi.unstubAllGlobals())

describe('isMultiplexed', () => {
  it.each([
    ['http/1.1', false],
    ['', false],
    ['h2', true],
    ['h3', true],
  ])('maps %j to %s', (nextHopProtocol, expected) => {
    const entries = [{ name: 'https://api.example/feed', nextHopProtocol }]
    vi.stubGlobal('performance', { getEntriesByType: (type: string) => (type === 'resource' ? entries : []) })
    expect(isMultiplexed('https://api.example')).toBe(expected)
    expect(isMultiplexed('https://api.example:8443')).toBe(false)
    expect(isMultiplexed('https://elsewhere.example')).toBe(false)
  })

  it('returns false on hosts without resource timing', () => {
    vi.stubGlobal('performance', undefined)
    expect(isMultiplexed('https://api.example')).toBe(false)
  })
})
