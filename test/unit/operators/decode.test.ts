import { type DecodeOptions, decode, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { record } from '../../record.ts'
import { WireSubject } from '../support/wire-subject.ts'

const tick = z.object({ price: z.number() })

describe('decode', () => {
  it('decodes messages and passes on all other events unchanged', () => {
    const wire = new WireSubject<string>()
    const session = record(wire.pipe(decode(Number)))
    wire.open()
    wire.next({ type: 'message', data: '7', id: '1', name: 'tick' })
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    wire.next({ type: 'close', wasClean: true })
    wire.complete()
    expect(session.events).toEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'open' },
      { type: 'message', data: 7, id: '1', name: 'tick' },
      { type: 'progress', direction: 'download', loaded: 1 },
      { type: 'close', wasClean: true },
    ])
    expect(session.end).toBe('complete')
  })

  it('passes the message to a Standard Schema without parsing it', () => {
    const wire = new WireSubject<unknown>()
    const session = record(wire.pipe(decode(tick)))
    wire.messages({ price: 1, more: true }, { price: 'one' }, '{"price":2}')
    expect(session.data()).toEqual([{ price: 1 }])
  })

  it('does not end a live wire because of one bad message', () => {
    const wire = new WireSubject<string>()
    const session = record(wire.pipe(decode(JSON.parse)))
    wire.messages('1', '{', '2')
    expect(session.data()).toEqual([1, 2])
    expect(wire.observed).toBe(true)
  })

  it('fails on a bad message if onBadMessage is "fail" and unsubscribes from the source', () => {
    const wire = new WireSubject<string>()
    const session = record(wire.pipe(decode(JSON.parse, { onBadMessage: 'fail' })))
    wire.messages('1', '{', '2')
    expect(session.data()).toEqual([1])
    expect(session.end).toMatchObject({ kind: 'decode' })
    expect(wire.observed).toBe(false)
  })

  it('calls onBadMessage for each bad message and counts per subscription', () => {
    const told: [WireError['kind'], number][] = []
    const wire = new WireSubject<string>()
    const decoded = wire.pipe(
      decode(JSON.parse, { onBadMessage: (error, skipped) => told.push([error.kind, skipped]) }),
    )
    const one = record(decoded)
    wire.messages('{', '1', '{')
    one.stop()
    record(decoded)
    wire.messages('{')
    expect(told).toEqual([
      ['decode', 1],
      ['decode', 2],
      ['decode', 1],
    ])
  })

  it('throws a TypeError for an invalid decoder or policy at the call', () => {
    expect(() => decode({} as typeof tick)).toThrow(TypeError)
    expect(() => decode(Number, { onBadMessage: 'ignore' } as unknown as DecodeOptions)).toThrow(TypeError)
  })

  it('throws a TypeError without a decoder at the call', () => {
    expect(() => decode(undefined as unknown as typeof tick)).toThrow(TypeError)
  })
})
