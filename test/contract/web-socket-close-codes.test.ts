import { CloseError, type CloseVerdict, fromWebSocket } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { reportedClean, unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { firstCause, waitings } from './web-sockets.ts'

const reason = 'because'
const ofLaterCodes = unable('report close codes that were added after RFC 6455')

describe('fromWebSocket, on a close code', () => {
  it('emits `close` with code and reason on 1000 and completes', async () => {
    const session = record(fromWebSocket(backend().url('/ws/closes', { code: 1000, reason }), { reconnect: quick }))
    expect(await session.ended()).toBe('complete')
    expect(session.types()).toEqual(['connecting', 'open', 'close'])
    expect(session.events.at(-1)).toEqual({ type: 'close', code: 1000, reason, wasClean: reportedClean() })
  })

  for (const code of [1001, 1011, 1012, 1013, 1014, 3008, 4000, 4999]) {
    const because = [1012, 1013, 1014].includes(code) ? ofLaterCodes : ''
    it.skipIf(because !== '')(`reconnects on ${code} and reports code and reason${because}`, async () => {
      const url = backend().url('/ws/closes', { code, reason, times: 1 })
      const session = record(fromWebSocket(url, { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['back'])
      const cause = firstCause(session)
      expect(cause).toBeInstanceOf(CloseError)
      expect(cause).toMatchObject({ kind: 'closed', code, reason, wasClean: reportedClean(), retryable: true })
      expect((cause as CloseError).message).toMatch(new RegExp(`/ws/closes closed .* ${code}\\b.*: ${reason}`))
    })
  }

  for (const { code, wasClean, means } of [
    { code: 1005, wasClean: reportedClean(), means: 'a close frame without a code' },
    { code: 1006, wasClean: false, means: 'no close frame at all' },
  ]) {
    it(`reconnects after ${means} and reports ${code}`, async () => {
      const url = backend().url('/ws/closes', { code, times: 1 })
      const session = record(fromWebSocket(url, { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['back'])
      expect(firstCause(session)).toMatchObject({ name: 'CloseError', code, reason: '', wasClean, retryable: true })
    })
  }

  for (const code of [1002, 1003, 1007, 1008, 1009, 1010, 3003]) {
    it(`fails without a retry on ${code}, with code and reason`, async () => {
      const server = backend()
      const url = server.url('/ws/closes', { code, reason, times: 1 })
      const session = record(fromWebSocket(url, { reconnect: quick }))
      const error = await session.ended()
      expect(error).toBeInstanceOf(CloseError)
      expect(error).toMatchObject({ kind: 'closed', code, reason, wasClean: reportedClean(), retryable: false })
      expect(session.types()).toEqual(['connecting', 'open'])
      expect((await server.stats()).seen).toHaveLength(1)
    })
  }

  for (const code of [1004, 1015, 2000]) {
    it(`reconnects on ${code}, a reserved code that hosts report as 1006`, async () => {
      const url = backend().url('/ws/closes', { code, reason, times: 1 })
      const session = record(fromWebSocket(url, { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(['back'])
      expect(firstCause(session)).toMatchObject({ name: 'CloseError', code: 1006, wasClean: false })
    })
  }

  const overruled: readonly [code: number, verdict: CloseVerdict][] = [
    [1000, 'fail'],
    [1008, 'reconnect'],
    [1008, 'complete'],
    [1011, 'fail'],
    [1006, 'fail'],
    [4001, 'complete'],
    [4001, 'fail'],
    [3000, 'reconnect'],
    [3000, 'fail'],
  ]
  for (const [code, verdict] of overruled) {
    it(`handles ${code} as \`${verdict}\` if closeCodes maps it so`, async () => {
      const url = backend().url('/ws/closes', { code, times: 1 })
      const session = record(fromWebSocket(url, { reconnect: quick, closeCodes: { [code]: verdict } }))
      const end = await session.ended()
      const waited = waitings(session).length
      if (verdict === 'reconnect') expect([end, waited, session.data()]).toEqual(['complete', 1, ['back']])
      else if (verdict === 'complete') expect([end, waited, session.data()]).toEqual(['complete', 0, []])
      else expect([end, waited]).toEqual([expect.objectContaining({ name: 'CloseError', code }), 0])
    })
  }

  it('handles 1000 as `reconnect` if closeCodes maps it so', async () => {
    const url = backend().url('/ws/feed', { count: 3 })
    const sendOnOpen = () => ['{"after":""}']
    const session = record(fromWebSocket(url, { sendOnOpen, reconnect: quick, closeCodes: { 1000: 'reconnect' } }))
    await session.until('message', 6)
    expect(session.data().slice(0, 6)).toEqual(['1', '2', '3', '1', '2', '3'])
    expect(firstCause(session)).toMatchObject({
      name: 'CloseError',
      code: 1000,
      reason: 'done',
      wasClean: reportedClean(),
    })
  })

  it('keeps the defaults for codes that closeCodes does not map', async () => {
    const url = backend().url('/ws/closes', { code: 1009 })
    const session = record(fromWebSocket(url, { reconnect: quick, closeCodes: { 1008: 'reconnect' } }))
    expect(await session.ended()).toMatchObject({ code: 1009 })
    expect(waitings(session)).toEqual([])
  })

  const wide = `uses a wider backoff window after a code that disconnects all clients at once${ofLaterCodes}`
  it.skipIf(ofLaterCodes !== '')(wide, async () => {
    const delays = await Promise.all(
      [1001, 1012, 1013, 1011].map(async (code) => {
        const url = backend().url('/ws/closes', { code })
        const session = record(fromWebSocket(url, { reconnect: { random: () => 0.999 } }))
        await session.until('waiting')
        session.stop()
        return Math.round(waitings(session)[0]?.delayMs ?? 0)
      }),
    )
    expect(delays).toEqual([5_095, 5_095, 5_095, 1_099])
  })
})

for (const { code, closeCodes } of [
  { code: 3000, closeCodes: undefined },
  { code: 4401, closeCodes: { 4401: 'refresh' } as const },
]) {
  describe(`fromWebSocket, closed with ${code}${closeCodes === undefined ? '' : ' as `refresh`'}`, () => {
    const options = { closeCodes, reconnect: { random: () => 0 } }

    it('requests a fresh token once and connects with it', async () => {
      const server = backend()
      await server.faults({ token: 'fresh' })
      const tokens = ['stale', 'fresh']
      const causes: unknown[] = []
      const url = async ({ cause }: { cause: unknown }) => {
        causes.push(cause)
        return server.url('/ws/unauthorized', { code, token: tokens.shift() ?? 'none left' })
      }
      const session = record(fromWebSocket(url, options))
      await session.until('message')
      expect(session.types()).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open', 'message'])
      expect(session.data()).toEqual(['welcome'])
      expect(firstCause(session)).toMatchObject({ kind: 'closed', code, reason: 'the token has expired' })
      expect(causes).toEqual([undefined, firstCause(session)])
    })

    it('fails with kind `auth` when the fresh token is refused, too', async () => {
      const server = backend()
      await server.faults({ token: 'another' })
      const session = record(fromWebSocket(() => server.url('/ws/unauthorized', { code, token: 'stale' }), options))
      const error = await session.ended()
      expect(error).toBeInstanceOf(CloseError)
      expect(error).toMatchObject({ kind: 'auth', code, reason: 'the token has expired', wasClean: reportedClean() })
      expect((await server.stats()).seen).toHaveLength(2)
    })

    it('fails with kind `auth` without a retry if reconnect is false', async () => {
      const server = backend()
      await server.faults({ token: 'another' })
      const url = server.url('/ws/unauthorized', { code, token: 'stale' })
      expect(await record(fromWebSocket(url, { closeCodes, reconnect: false })).ended()).toMatchObject({
        kind: 'auth',
        code,
      })
      expect((await server.stats()).seen).toHaveLength(1)
    })
  })
}
