import { describe, expect, it, vi } from 'vitest'
import { Listeners } from '../../src/store/listeners.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

describe('Listeners', () => {
  it('calls the listeners in the order in which they were added', () => {
    const listeners = new Listeners()
    const told: string[] = []
    listeners.add(() => told.push('one'))
    listeners.add(() => told.push('other'))
    listeners.notify()
    expect(told).toEqual(['one', 'other'])
    expect(listeners.size).toBe(2)
  })

  it('accepts the same listener twice and removes each registration separately', () => {
    const listeners = new Listeners()
    const listener = vi.fn()
    const leave = listeners.add(listener)
    listeners.add(listener)
    expect(leave()).toBe(true)
    expect(leave()).toBe(false)
    listeners.notify()
    expect(listener).toHaveBeenCalledOnce()
  })

  it('skips listeners that are removed or added during the call', () => {
    const listeners = new Listeners()
    const late = vi.fn()
    const gone = vi.fn()
    listeners.add(() => {
      leave()
      listeners.add(late)
    })
    const leave = listeners.add(gone)
    listeners.notify()
    expect(gone).not.toHaveBeenCalled()
    expect(late).not.toHaveBeenCalled()
    listeners.notify()
    expect(late).toHaveBeenCalledOnce()
  })

  it('calls the other listeners when one throws and rethrows the error asynchronously', () => {
    const listeners = new Listeners()
    const bug = new Error('a bug of the caller')
    const other = vi.fn()
    listeners.add(() => {
      throw bug
    })
    listeners.add(other)
    listeners.notify()
    expect(other).toHaveBeenCalledOnce()
    expect(() => vi.runAllTimers()).toThrow(bug)
  })
})
