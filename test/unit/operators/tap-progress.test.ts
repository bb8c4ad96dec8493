import { tapProgress, type WireEvent } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

function start() {
  const wire = new WireSubject<string>()
  const told: string[] = []
  const events: WireEvent<string>[] = []
  const subscription = wire
    .pipe(tapProgress(({ loaded }) => told.push(String(loaded))))
    .subscribe({ next: (event) => events.push(event), complete: () => told.push('complete') })
  return { wire, told, events, subscription }
}

describe('tapProgress', () => {
  it('passes on every event unchanged and reports progress', () => {
    const { wire, told, events } = start()
    const seen: WireEvent<string>[] = [
      { type: 'open', status: 200 },
      { type: 'progress', direction: 'download', loaded: 5, total: 10 },
      { type: 'message', data: 'a', id: '1' },
    ]
    for (const event of seen) wire.next(event)
    expect(events.slice(-3)).toEqual(seen)
    expect(told).toEqual(['5'])
  })

  it('reports the last value before the wire ends', () => {
    const { wire, told } = start()
    wire.next({ type: 'progress', direction: 'download', loaded: 5 })
    wire.next({ type: 'progress', direction: 'download', loaded: 9 })
    wire.complete()
    expect(told).toEqual(['5', '9', 'complete'])
  })

  it.each([
    ['at once', 1, 0],
    ['later', 2, 100],
  ])('fails with the error that the callback throws %s and unsubscribes from the source', (_, nth, afterMs) => {
    const wire = new WireSubject<string>()
    const bug = new Error('a bug of the caller')
    const onProgress = vi.fn(() => {
      if (onProgress.mock.calls.length === nth) throw bug
    })
    const onError = vi.fn()
    wire.pipe(tapProgress(onProgress)).subscribe({ error: onError })
    for (const loaded of [1, 2]) wire.next({ type: 'progress', direction: 'download', loaded })
    vi.advanceTimersByTime(afterMs)
    expect(onError.mock.calls).toEqual([[bug]])
    expect(wire.observed).toBe(false)
  })

  it('subscribes to the source once and unsubscribes with its subscriber', () => {
    const { wire, subscription } = start()
    expect(wire.observed).toBe(true)
    subscription.unsubscribe()
    expect(wire.observed).toBe(false)
  })
})
