import { type Attempt, CloseError, type ReconnectingOptions, reconnecting, type WireError } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../record.ts'
import { HandMadeServer, lost, unauthorized } from './support/attempts.ts'
import { virtualTime } from './support/virtual-time.ts'

virtualTime()

function start(policy: ReconnectingOptions = {}) {
  const server = new HandMadeServer()
  const session = record(reconnecting(server.connect, { random: () => 0.5, ...policy }))
  const lastWait = () => session.events.findLast((event) => event.type === 'waiting')
  const fail = (error = lost()) => {
    server.last.fail(error)
    return lastWait()
  }
  const failAndWait = (error = lost()) => {
    vi.advanceTimersByTime(fail(error)?.delayMs ?? 0)
  }
  return { server, session, fail, failAndWait }
}

type Life = (attempt: Attempt<string>) => void

/** An attempt that stays open for `forMs` and delivers these events. */
function open(forMs: number, ...brings: ('message' | 'progress')[]): Life {
  return (attempt) => {
    attempt.open()
    if (brings.includes('message')) attempt.message('a')
    if (brings.includes('progress')) attempt.progress('download', 1_000_000)
    vi.advanceTimersByTime(forMs)
  }
}

const proof: [string, Life][] = [
  ['delivered a message and was open for 1 s', open(1_000, 'message')],
  ['was open in silence for 5 s', open(5_000)],
  ['was open for 5 s with messages and progress', open(5_000, 'progress', 'message')],
  [
    'delivered a message without an open event',
    (attempt) => {
      attempt.message('a')
      vi.advanceTimersByTime(1_000)
    },
  ],
  [
    'was open for 1 s before its only message',
    (attempt) => {
      attempt.open()
      vi.advanceTimersByTime(1_000)
      attempt.message('a')
    },
  ],
  [
    'moved the resume point and was open for 1 s',
    (attempt) => {
      attempt.open()
      attempt.moveCursor(`after attempt ${attempt.attempt}`)
      vi.advanceTimersByTime(1_000)
    },
  ],
]

const noProof: [string, Life][] = [
  ['delivered a message and was open for less than 1 s', open(999, 'message')],
  ['was open in silence for less than 5 s', open(4_999)],
  ['reported progress only', open(4_999, 'progress')],
  [
    'set the resume point to its current value',
    (attempt) => {
      attempt.open()
      attempt.moveCursor(attempt.cursor)
      vi.advanceTimersByTime(1_000)
    },
  ],
  [
    'cleared the resume point',
    (attempt) => {
      attempt.open()
      attempt.moveCursor(undefined)
      vi.advanceTimersByTime(1_000)
    },
  ],
  ['never opened', () => vi.advanceTimersByTime(60_000)],
  [
    'reported progress before it was open',
    (attempt) => {
      attempt.progress('upload', 1_000_000)
      vi.advanceTimersByTime(60_000)
    },
  ],
  [
    'took long to open',
    (attempt) => {
      vi.advanceTimersByTime(60_000)
      attempt.open()
      attempt.message('a')
    },
  ],
]

describe('reconnecting: proof of service', () => {
  it.each(proof)('resets the failure count after an attempt that %s', (_, life) => {
    const { server, fail, failAndWait } = start()
    failAndWait()
    failAndWait()
    life(server.last)
    expect(fail()).toMatchObject({ attempt: 1, delayMs: 600 })
  })

  it.each(noProof)('keeps the failure count after an attempt that %s', (_, life) => {
    const { server, fail, failAndWait } = start({ resumeFrom: '7' })
    failAndWait()
    failAndWait()
    life(server.last)
    expect(fail()).toMatchObject({ attempt: 3, delayMs: 2_100 })
  })

  it.each([
    [{ resetOnMessageAfterMs: 0 }, open(0, 'message'), 1],
    [{ resetOnMessageAfterMs: 2_000 }, open(1_999, 'message'), 2],
    [{ resetOnMessageAfterMs: 2_000 }, open(2_000, 'message'), 1],
    [{ resetOnOpenAfterMs: 100 }, open(99), 2],
    [{ resetOnOpenAfterMs: 100 }, open(100), 1],
  ])('applies the policy %j', (policy, life, attempt) => {
    const { server, fail, failAndWait } = start(policy)
    failAndWait()
    life(server.last)
    expect(fail()).toMatchObject({ attempt })
  })

  it('does not count a message of one attempt as proof of service of the next', () => {
    const { server, fail, failAndWait } = start()
    open(500, 'message')(server.last)
    failAndWait()
    open(1_500)(server.last)
    expect(fail()).toMatchObject({ attempt: 2 })
  })

  it('allows all retries again after proof of service', () => {
    const { server, session, failAndWait } = start({ maxRetries: 1 })
    for (let round = 0; round < 5; round++) {
      open(1_000, 'message')(server.last)
      failAndWait()
    }
    expect(session.end).toBeUndefined()
    server.last.fail(lost())
    expect(session.end).toMatchObject({ message: 'lost' })
  })

  it('restarts the attempt numbers after proof of service', () => {
    const { server, session, failAndWait } = start()
    failAndWait()
    open(5_000)(server.last)
    failAndWait()
    expect(session.events.flatMap((event) => (event.type === 'connecting' ? [event.attempt] : []))).toEqual([0, 1, 1])
  })
})

describe('reconnecting: credentials', () => {
  it('retries once with fresh credentials within 300 ms and then fails with kind auth', () => {
    const { server, session, fail } = start()
    expect(fail(unauthorized())).toMatchObject({ attempt: 1, delayMs: 150, cause: { kind: 'auth' } })
    vi.advanceTimersByTime(150)
    expect(server.attempts).toHaveLength(2)
    expect(server.last.cause).toMatchObject({ kind: 'auth' })
    const second = unauthorized()
    server.last.fail(second)
    expect(session.end).toBe(second)
  })

  it('spreads the retries of clients over 300 ms', () => {
    expect(start({ random: () => 0 }).fail(unauthorized())).toMatchObject({ delayMs: 0 })
    expect(start({ random: () => 0.999 }).fail(unauthorized())?.delayMs).toBeCloseTo(299.7)
  })

  it('respects Retry-After', () => {
    expect(start({ random: () => 0 }).fail(unauthorized({ retryAfterMs: 5_000 }))).toMatchObject({ delayMs: 5_000 })
  })

  it('asks for fresh credentials only once despite other failures in between', () => {
    const { server, session, failAndWait } = start()
    failAndWait(unauthorized())
    failAndWait()
    server.last.fail(unauthorized())
    expect(session.end).toMatchObject({ kind: 'auth' })
  })

  it('asks for fresh credentials again after proof of service', () => {
    const { server, session, failAndWait } = start()
    for (let round = 0; round < 3; round++) {
      failAndWait(unauthorized())
      open(5_000)(server.last)
      failAndWait()
    }
    expect(session.end).toBeUndefined()
  })

  it('does not treat a short open connection as proof of valid credentials', () => {
    const { server, session, failAndWait } = start()
    failAndWait(unauthorized())
    open(100)(server.last)
    server.last.fail(unauthorized())
    expect(session.end).toMatchObject({ kind: 'auth' })
  })

  it('waits longer for fresh credentials from the sixth connection that ends at once', () => {
    const { server, session, failAndWait } = start({ resetOnMessageAfterMs: 0 })
    for (let round = 0; round < 8; round++) {
      open(0, 'message')(server.last)
      failAndWait(unauthorized())
    }
    const delays = session.events.flatMap((event) => (event.type === 'waiting' ? [event.delayMs] : []))
    expect(delays).toEqual([150, 150, 150, 150, 150, 1_100, 2_100, 4_100])
  })

  it('detects other credential failures with isAboutCredentials', () => {
    const expired = () => new CloseError('token expired', { code: 4401, wasClean: true })
    const isAboutCredentials = vi.fn((error: WireError) => error instanceof CloseError && error.code === 4401)
    const { server, session, fail } = start({ isAboutCredentials })
    const first = expired()
    expect(fail(first)).toMatchObject({ attempt: 1, delayMs: 150, cause: first })
    expect(isAboutCredentials).toHaveBeenLastCalledWith(first)
    vi.advanceTimersByTime(150)
    const second = expired()
    server.last.fail(second)
    expect(session.end).toBeInstanceOf(CloseError)
    expect(session.end).toMatchObject({ kind: 'auth', code: 4401, retryable: false, cause: second })
  })

  it('does not ask for fresh credentials if isAboutCredentials returns false', () => {
    const { server, session } = start({ isAboutCredentials: () => false })
    const refused = unauthorized()
    server.last.fail(refused)
    expect(session.types()).toEqual(['connecting'])
    expect(session.end).toBe(refused)
  })

  it('keeps the kind of a final error that is not about credentials', () => {
    const { server, session } = start({ isAboutCredentials: () => false, maxRetries: 0 })
    server.last.fail(lost())
    expect(session.end).toMatchObject({ kind: 'network' })
  })

  it('does not ask for fresh credentials if no retry is allowed', () => {
    const { server, session } = start({ maxRetries: 0 })
    server.last.fail(unauthorized())
    expect(session.end).toMatchObject({ kind: 'auth' })
  })

  it('lets shouldRetry overrule the retry', () => {
    const { server, session } = start({ shouldRetry: () => false })
    server.last.fail(unauthorized())
    expect(session.end).toMatchObject({ kind: 'auth' })
  })

  it('backs off when shouldRetry keeps retrying auth failures', () => {
    const { session, failAndWait } = start({ shouldRetry: () => true })
    for (let failure = 0; failure < 5; failure++) failAndWait(unauthorized())
    const delays = session.events.flatMap((event) => (event.type === 'waiting' ? [event.delayMs] : []))
    expect(delays).toEqual([150, 1_100, 2_100, 4_100, 7_600])
  })
})
