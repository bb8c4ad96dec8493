import { take } from 'rxjs'
import { type AttemptSink, fromAttempt, isWireError, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { record } from '../record.ts'

/** An attempt, and the two things that its transport was given. */
function begin() {
  const given: { sink: AttemptSink<string>; signal: AbortSignal }[] = []
  const wire = fromAttempt<string>((sink, signal) => {
    given.push({ sink, signal })
  })
  return { wire, given }
}

describe('fromAttempt', () => {
  it('does nothing before it is subscribed', () => {
    const { given } = begin()
    expect(given).toEqual([])
  })

  it('connects once for each subscriber, and says so before anything else', () => {
    const { wire, given } = begin()
    const one = record(wire)
    const other = record(wire)
    expect(given).toHaveLength(2)
    given[1]?.sink.open()
    expect(one.events).toEqual([{ type: 'connecting', attempt: 0 }])
    expect(other.types()).toEqual(['connecting', 'open'])
  })

  it('turns calls into events, without fields that were not given', () => {
    const session = record(
      fromAttempt<string>((sink) => {
        const headers = new Headers()
        sink.open({ status: 200, headers })
        sink.progress('upload', 5)
        sink.progress('download', 6, 12)
        sink.progress('upload', 7, 12, 5)
        sink.message('a')
        sink.message('b', '2')
        sink.message('c', '', 'tick')
        sink.close({ code: 1000, wasClean: true })
      }),
    )
    expect(session.events).toStrictEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'open', status: 200, headers: new Headers() },
      { type: 'progress', direction: 'upload', loaded: 5 },
      { type: 'progress', direction: 'download', loaded: 6, total: 12 },
      { type: 'progress', direction: 'upload', loaded: 7, total: 12, acknowledged: 5 },
      { type: 'message', data: 'a' },
      { type: 'message', data: 'b', id: '2' },
      { type: 'message', data: 'c', id: '', name: 'tick' },
      { type: 'close', code: 1000, wasClean: true },
    ])
    expect(session.end).toBe('complete')
  })

  it('aborts its signal and falls silent when the subscriber leaves', () => {
    const { wire, given } = begin()
    const session = record(wire)
    const [attempt] = given
    expect(attempt?.signal.aborted).toBe(false)
    session.stop()
    expect(attempt?.signal.aborted).toBe(true)
    attempt?.sink.open()
    attempt?.sink.progress('download', 1)
    attempt?.sink.message('late')
    attempt?.sink.fail(new WireError('network', 'late'))
    attempt?.sink.close({ wasClean: true })
    expect(session.types()).toEqual(['connecting'])
    expect(session.end).toBeUndefined()
  })

  it.each(['close', 'fail'] as const)('aborts its signal on %s', (how) => {
    const { wire, given } = begin()
    record(wire)
    if (how === 'close') given[0]?.sink.close({ wasClean: true })
    else given[0]?.sink.fail(new WireError('network', 'lost'))
    expect(given[0]?.signal.aborted).toBe(true)
  })

  it('does not connect for a subscriber who leaves when told that it is connecting', () => {
    const { wire, given } = begin()
    record(wire.pipe(take(1)))
    expect(given).toEqual([])
  })

  it('delivers nothing after an event at which the subscriber leaves', () => {
    const session = record(
      fromAttempt<string>((sink) => {
        sink.message('a')
        sink.message('b')
      }).pipe(take(2)),
    )
    expect(session.data()).toEqual(['a'])
  })

  it('hands on the WireError that its transport fails, throws or rejects with', async () => {
    const error = new WireError('timeout', 'too late')
    const failing = record(fromAttempt((sink) => sink.fail(error)))
    const throwing = record(
      fromAttempt(() => {
        throw error
      }),
    )
    expect(failing.end).toBe(error)
    expect(await throwing.ended()).toBe(error)
    expect(await record(fromAttempt(() => Promise.reject(error))).ended()).toBe(error)
  })

  it.each([
    ['an Error', new Error('no such host'), 'no such host'],
    ['a word', 'nonsense', 'nonsense'],
    ['nothing', undefined, 'undefined'],
  ])('makes a WireError out of %s, thrown or rejected', async (_, cause, said) => {
    const throwing = fromAttempt(() => {
      throw cause
    })
    for (const wire of [throwing, fromAttempt(() => Promise.reject(cause))]) {
      const end = await record(wire).ended()
      expect(isWireError(end)).toBe(true)
      expect(end).toMatchObject({ kind: 'network', retryable: false, cause })
      expect(end).toHaveProperty('message', expect.stringContaining(said))
    }
  })

  it('says nothing of a rejection that follows from the abort', async () => {
    let rejected = false
    const session = record(
      fromAttempt(
        (_, signal) =>
          new Promise<void>((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              rejected = true
              reject(signal.reason)
            })
          }),
      ),
    )
    session.stop()
    // Two turns of the event loop: an unhandled rejection would fail the run.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    expect(rejected).toBe(true)
    expect(session.end).toBeUndefined()
  })
})
