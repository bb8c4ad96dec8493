import { tapProgress, type WireEvent } from 'rxwire'
import { describe, expect, it } from 'vitest'
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
  it('hands every event on as it is, and measures beside', () => {
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

  it('has its last word before the wire ends', () => {
    const { wire, told } = start()
    wire.next({ type: 'progress', direction: 'download', loaded: 5 })
    wire.next({ type: 'progress', direction: 'download', loaded: 9 })
    wire.complete()
    expect(told).toEqual(['5', '9', 'complete'])
  })

  it('makes one connection, and leaves it with its subscriber', () => {
    const { wire, subscription } = start()
    expect(wire.observed).toBe(true)
    subscription.unsubscribe()
    expect(wire.observed).toBe(false)
  })
})
