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
  it('calls the handler once per topic', () => {
    hint('cors', 'first')
    hint('cors', 'second')
    hint('connections', 'third')
    expect(handler.mock.calls).toEqual([
      [{ topic: 'cors', message: 'first' }],
      [{ topic: 'connections', message: 'third' }],
    ])
  })

  it('stays silent in production without marking the topic as shown', () => {
    vi.stubEnv('NODE_ENV', 'production')
    hint('cors', 'in production')
    expect(handler).not.toHaveBeenCalled()
    vi.stubEnv('NODE_ENV', 'development')
    hint('cors', 'in development')
    expect(handler).toHaveBeenCalledTimes(1)
  })

  it('stays silent in a browser without a bundler', () => {
    vi.stubGlobal('process', undefined)
    hint('cors', 'first')
    vi.unstubAllGlobals()
    expect(handler).not.toHaveBeenCalled()
  })

  it('calls the handler that was set last and starts over with all topics', () => {
    hint('cors', 'first')
    const next = vi.fn<HintHandler>()
    setHintHandler(next)
    hint('cors', 'second')
    expect(handler).toHaveBeenCalledTimes(1)
    expect(next.mock.calls).toEqual([[{ topic: 'cors', message: 'second' }]])
  })

  it('does not throw when its handler throws and rethrows the error asynchronously', () => {
    const bug = new Error('a bug of the caller')
    handler.mockImplementation(() => {
      throw bug
    })
    expect(() => hint('cors', 'first')).not.toThrow()
    expect(() => vi.runAllTimers()).toThrow(bug)
  })

  it('stays silent without a handler', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    setHintHandler(undefined)
    hint('cors', 'first')
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  it('calls console.warn by default', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    vi.resetModules()
    const fresh = await import('../../../src/platform/hints.ts')
    fresh.hint('cors', 'look at the response headers')
    expect(warn.mock.calls).toEqual([['[rxwire] cors: look at the response headers']])
    warn.mockRestore()
  })
})
