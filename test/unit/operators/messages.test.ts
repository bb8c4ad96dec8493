import { messages, WireError } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { WireSubject } from '../support/wire-subject.ts'

describe('messages', () => {
  it('emits the data of messages and nothing else', () => {
    const wire = new WireSubject<string | undefined>()
    const seen: unknown[] = []
    wire.pipe(messages()).subscribe((data) => seen.push(data))
    wire.open()
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    wire.messages('a', undefined, 'b')
    wire.next({ type: 'waiting', attempt: 1, delayMs: 1, cause: 'offline' })
    wire.next({ type: 'close', wasClean: true })
    expect(seen).toEqual(['a', undefined, 'b'])
  })

  it('passes on errors and completion', () => {
    const failing = new WireSubject<string>()
    const [error, complete] = [vi.fn(), vi.fn()]
    failing.pipe(messages()).subscribe({ error })
    const refused = new WireError('http', 'refused')
    failing.error(refused)
    expect(error).toHaveBeenCalledExactlyOnceWith(refused)
    const ending = new WireSubject<string>()
    ending.pipe(messages()).subscribe({ complete })
    ending.complete()
    expect(complete).toHaveBeenCalledTimes(1)
  })
})
