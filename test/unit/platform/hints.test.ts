import { type HintHandler, setHintHandler } from 'rxwire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hint } from '../../../src/platform/hints.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

let handler = vi.fn<HintHandler>()

beforeEach(() => {
  handler = vi.fn()
  setHintHandler(handler)
})

afterEach(() => {
  setHintHandler(undefined)
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('hint', () => {
  it('speaks once per topic', () => {
    hint('cors', 'first')
    hint('cors', 'second')
    hint('connections', 'third')
    expect(handler.mock.calls).toEqual([
      [{ topic: 'cors', message: 'first' }],
      [{ topic: 'connections', message: 'third' }],
    ])
  })

  it('says nothing in production, and forgets nothing by it', () => {
    vi.stubEnv('NODE_ENV', 'production')
    hint('cors', 'in production')
    expect(handler).not.toHaveBeenCalled()
    vi.stubEnv('NODE_ENV', 'development')
    hint('cors', 'in development')
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('says nothing in a browser without a bundler', () => {
    vi.stubGlobal('process', undefined)
    hint('cors', 'first')
    vi.unstubAllGlobals()
    expect(handler).not.toHaveBeenCalled()
  })

  it('speaks to whoever was set last, and to them of everything anew', () => {
    hint('cors', 'first')
    const next = vi.fn<HintHandler>()
    setHintHandler(next)
    hint('cors', 'second')
    expect(handler).toHaveBeenCalledTimes(1)
    expect(next.mock.calls).toEqual([[{ topic: 'cors', message: 'second' }]])
  })

  it('does not break what it is about when its handler throws, and does not hide that', () => {
    const bug = new Error('a bug of the caller')
    handler.mockImplementation(() => {
      throw bug
    })
    expect(() => hint('cors', 'first')).not.toThrow()
    expect(() => vi.runAllTimers()).toThrow(bug)
  })

  it('is silent when nobody is to hear', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    setHintHandler(undefined)
    hint('cors', 'first')
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  it('speaks through console.warn unless it is replaced', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.resetModules()
    const fresh = await import('../../../src/platform/hints.ts')
    fresh.hint('cors', 'look at the response headers')
    expect(warn.mock.calls).toEqual([['[rxwire] cors: look at the response headers']])
    warn.mockRestore()
  })
})
