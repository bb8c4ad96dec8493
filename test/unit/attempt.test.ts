import { take } from 'rxjs'
import { type Attempt, type Connect, isWireError, reconnecting, type Wire, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { withContext } from '../../src/subscription-context.ts'
import { record } from '../record.ts'

/** A wire that makes one attempt and never retries. */
function once(connect: Connect<string>): Wire<string> {
  return reconnecting(connect, { maxRetries: 0 })
}

/** A wire, and the attempts that its transport received. */
function start() {
  const given: Attempt<string>[] = []
  const wire = once((attempt) => {
    given.push(attempt)
  })
  return { wire, given }
}

describe('attempt', () => {
  it('does not connect before it is subscribed', () => {
    const { given } = start()
    expect(given).toEqual([])
  })

  it('connects once per subscriber and emits connecting before any other event', () => {
    const { wire, given } = start()
    const one = record(wire)
    const other = record(wire)
    expect(given).toHaveLength(2)
    given[1]?.open()
    expect(one.events).toEqual([{ type: 'connecting', attempt: 0 }])
    expect(other.types()).toEqual(['connecting', 'open'])
  })

  it('emits an event for each call and omits the fields that were not passed', () => {
    const session = record(
      once((attempt) => {
        const headers = new Headers()
        attempt.open({ status: 200, headers })
        attempt.progress('upload', 5)
        attempt.progress('download', 6, 12)
        attempt.progress('upload', 7, 12, 5)
        attempt.message('a')
        attempt.message('b', '2')
        attempt.message('c', '', 'tick')
        attempt.close({ code: 1000, wasClean: true })
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
      { type: 'message', data: 'c', name: 'tick' },
      { type: 'close', code: 1000, wasClean: true },
    ])
    expect(session.end).toBe('complete')
  })

  it('aborts its signal and emits nothing after the subscriber unsubscribes', () => {
    const { wire, given } = start()
    const session = record(wire)
    const [attempt] = given
    expect(attempt?.signal.aborted).toBe(false)
    session.stop()
    expect(attempt?.signal.aborted).toBe(true)
    attempt?.open()
    attempt?.progress('download', 1)
    attempt?.message('late')
    attempt?.fail(new WireError('network', 'late'))
    attempt?.close({ wasClean: true })
    expect(session.types()).toEqual(['connecting'])
    expect(session.end).toBeUndefined()
  })

  it.each(['close', 'fail'] as const)('aborts its signal on %s', (how) => {
    const { wire, given } = start()
    record(wire)
    if (how === 'close') given[0]?.close({ wasClean: true })
    else given[0]?.fail(new WireError('network', 'lost'))
    expect(given[0]?.signal.aborted).toBe(true)
  })

  it('is over after fail, while the engine waits for the next attempt', () => {
    const given: Attempt<string>[] = []
    const session = record(
      reconnecting<string>((attempt) => {
        given.push(attempt)
      }),
    )
    given[0]?.fail(new WireError('network', 'lost', { retryable: true }))
    expect(given[0]?.signal.aborted).toBe(true)
    given[0]?.message('late')
    given[0]?.complete()
    given[0]?.fail(new WireError('network', 'late'))
    expect(session.types()).toEqual(['connecting', 'waiting'])
    expect(session.end).toBeUndefined()
    session.stop()
  })

  it('is over before the policy is asked', () => {
    const aborted: boolean[] = []
    const given: Attempt<string>[] = []
    const wire = reconnecting<string>((attempt) => void given.push(attempt), {
      shouldRetry: () => {
        aborted.push(given[0]?.signal.aborted ?? false)
        given[0]?.message('late')
        return false
      },
    })
    const session = record(wire)
    given[0]?.fail(new WireError('network', 'lost'))
    expect(aborted).toEqual([true])
    expect(session.types()).toEqual(['connecting'])
  })

  it('waits for the room of its subscriber, and says that it does', async () => {
    const { wire, given } = start()
    const room = Promise.resolve()
    const backpressure = { isRespected: false, ready: () => room }
    const subscription = withContext({ backpressure }, () => wire.subscribe())
    expect(backpressure.isRespected).toBe(false)
    expect(given[0]?.ready()).toBe(room)
    expect(backpressure.isRespected).toBe(true)
    subscription.unsubscribe()
  })

  it('does not wait for a subscriber without backpressure', () => {
    const { wire, given } = start()
    const session = record(wire)
    expect(given[0]?.ready()).toBeUndefined()
    session.stop()
  })

  it('fails for good once it is marked as unrepeatable, and keeps the error as the cause', () => {
    const lost = new WireError('network', 'lost.', { retryable: true })
    const explained = record(
      reconnecting<string>((attempt) => {
        attempt.markUnrepeatable(' The body can be sent once.')
        attempt.fail(lost)
      }),
    )
    expect(explained.end).toMatchObject({
      kind: 'network',
      retryable: false,
      message: 'lost. The body can be sent once.',
      cause: lost,
    })
    const plain = record(
      reconnecting<string>((attempt) => {
        attempt.markUnrepeatable()
        attempt.fail(lost)
      }),
    )
    expect(plain.end).toMatchObject({ retryable: false, message: 'lost.' })
  })

  it('does not change a final error when it is marked as unrepeatable', () => {
    const refused = new WireError('http', 'refused')
    const session = record(
      reconnecting<string>((attempt) => {
        attempt.markUnrepeatable(' The body can be sent once.')
        attempt.fail(refused)
      }),
    )
    expect(session.end).toBe(refused)
  })

  it('does not connect if the subscriber unsubscribes on the connecting event', () => {
    const { wire, given } = start()
    record(wire.pipe(take(1)))
    expect(given).toEqual([])
  })

  it('emits nothing after the event on which the subscriber unsubscribes', () => {
    const session = record(
      once((attempt) => {
        attempt.message('a')
        attempt.message('b')
      }).pipe(take(2)),
    )
    expect(session.data()).toEqual(['a'])
  })

  it('passes on a WireError that its transport fails, throws or rejects with', async () => {
    const error = new WireError('timeout', 'too late')
    const failing = record(once((attempt) => attempt.fail(error)))
    const throwing = record(
      once(() => {
        throw error
      }),
    )
    expect(failing.end).toBe(error)
    expect(await throwing.ended()).toBe(error)
    expect(await record(once(() => Promise.reject(error))).ended()).toBe(error)
  })

  it.each([
    ['an Error', new Error('no such host'), 'no such host'],
    ['a string', 'nonsense', 'nonsense'],
    ['undefined', undefined, 'undefined'],
  ])('wraps %s in a WireError, whether thrown or rejected', async (_, cause, said) => {
    const throwing = once(() => {
      throw cause
    })
    for (const wire of [throwing, once(() => Promise.reject(cause))]) {
      const end = await record(wire).ended()
      expect(isWireError(end)).toBe(true)
      expect(end).toMatchObject({ kind: 'network', retryable: false, cause })
      expect(end).toHaveProperty('message', expect.stringContaining(said))
    }
  })

  it('ignores a rejection that the abort causes', async () => {
    let rejected = false
    const session = record(
      once(
        ({ signal }) =>
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
