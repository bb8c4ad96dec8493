import { isWireError, type WireEvent, WireMemory, withMemory } from 'rxwire'
import { describe, expect } from 'vitest'
import { type Backend, backend, type TestProxy } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import { type ContractOptions, type Enrolment, streamLaws } from './enrolment.ts'

const upTo = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1))

/** The data of each message, with its id. */
function identified({ events }: Recording<string>): (readonly [string, string | undefined])[] {
  const all: readonly WireEvent<string>[] = events
  return all.flatMap((event) => (event.type === 'message' ? [[event.data, event.id] as const] : []))
}

/** Cuts the connections of a session until it has completed: a poll may be between two requests. */
async function cutUntilComplete(proxy: TestProxy, session: Recording<string>): Promise<void> {
  const cut = async () => {
    await proxy.order({ cut: true })
    return session.end
  }
  await expect.poll(cut).toBe('complete')
}

/** Laws 5, 12, 16 and 18: where a wire resumes. */
export function describeResumeLaws(enrolment: Enrolment): void {
  const { transport, connect } = enrolment
  const itOfStreams = streamLaws(enrolment, 'singles')
  const itOfFeed = streamLaws(enrolment, 'feed')

  /** A wire of the messages '1' to '5', whose first connection stalls after '3' and is then cut. */
  async function cutAfterThird(path: string, query: Record<string, number>, options: ContractOptions = {}) {
    const server: Backend = backend()
    const proxy = await server.proxy()
    const url = proxy.url(path, { count: 5, stallAfter: 3, ...query })
    let hasSeenThird = false
    const decode = (text: string) => {
      hasSeenThird ||= text === '3'
      return options.decode?.(text) ?? text
    }
    const session = record(connect(url, { reconnect: quick, ...options, decode }))
    // Without a third message, the second one is followed by its id.
    await expect.poll(() => (query['emptyAt'] === 3 ? session.data().length === 2 : hasSeenThird)).toBe(true)
    await cutUntilComplete(proxy, session)
    return session
  }

  describe(`the resume point of ${transport}`, () => {
    itOfStreams('inherited id', '5: gives a message only its own id', async (path) => {
      const session = record(connect(backend().url(path, { count: 4, idEvery: 2 }), { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(identified(session)).toEqual([
        ['1', undefined],
        ['2', '2'],
        ['3', undefined],
        ['4', '4'],
      ])
    })

    itOfStreams('replayed message', '5: delivers a message once if the server replays it', async (path) => {
      const session = await cutAfterThird(path, { inclusive: 1 })
      expect(session.data()).toEqual(upTo(5))
    })

    itOfStreams('undecodable message', '12: resumes after a message that it has skipped', async (path) => {
      const decoded: string[] = []
      const decode = (text: string) => {
        decoded.push(text)
        if (text === '3') throw new SyntaxError('three is right out')
        return text
      }
      const session = await cutAfterThird(path, {}, { decode })
      expect(session.data()).toEqual(['1', '2', '4', '5'])
      expect(decoded).toEqual(upTo(5))
    })

    itOfStreams('lone id', '12: resumes after an id without a message', async (path) => {
      const session = await cutAfterThird(path, { emptyAt: 3 })
      expect(session.data()).toEqual(['1', '2', '4', '5'])
    })

    const threeIsBad: ContractOptions = {
      onBadMessage: 'fail',
      decode: (text) => {
        if (text === '3') throw new SyntaxError('three is right out')
        return text
      },
    }
    const threeFails: ContractOptions = { failsWhen: (text) => (text === '3' ? 'three is right out' : undefined) }
    for (const [topic, what, options] of [
      ['undecodable message', 'that cannot be decoded', threeIsBad],
      ['reported failure', 'that reports a failure', threeFails],
    ] as const) {
      itOfStreams(
        topic,
        `12: does not resume after a message ${what} and ends the wire, but names it`,
        async (path) => {
          const url = backend().url(path, { count: 5 })
          const memory = new WireMemory()
          const failed = record(connect(url, { reconnect: quick, ...options }).pipe(withMemory(memory)))
          const error = await failed.ended()
          expect(error).toMatchObject({ messageId: '3', retryable: false })
          expect(failed.data()).toEqual(['1', '2'])
          const resumed = record(connect(url, { reconnect: quick }).pipe(withMemory(memory)))
          expect(await resumed.ended()).toBe('complete')
          expect(resumed.data()).toEqual(['3', '4', '5'])
          const resumeFrom = isWireError(error) ? error.messageId : undefined
          const past = record(connect(url, { reconnect: quick, resumeFrom }))
          expect(await past.ended()).toBe('complete')
          expect(past.data()).toEqual(['4', '5'])
        },
      )
    }

    itOfStreams('long id', '16: resumes before a message whose id cannot be sent back', async (path) => {
      const session = await cutAfterThird(path, { longAt: 3 })
      expect(identified(session)).toEqual([
        ['1', '1'],
        ['2', '2'],
        ['3', undefined],
        ['3', '3'],
        ['4', '4'],
        ['5', '5'],
      ])
    })

    itOfStreams('empty id', '16: starts over after an empty id', async (path) => {
      const session = await cutAfterThird(path, { resetAt: 3 })
      expect(identified(session)).toEqual([
        ['1', '1'],
        ['2', '2'],
        ['3', undefined],
        ...upTo(5).map((text) => [text, text]),
      ])
    })

    for (const [onGone, continuity] of [
      ['restart', 'reset'],
      ['tail', 'gap'],
    ] as const) {
      itOfFeed(
        'lost resume point',
        `18: reports a ${continuity} after a 410 with onGone: '${onGone}'`,
        async (path) => {
          const url = backend().url(path, { count: 3, gone: 1 })
          const session = record(connect(url, { resumeFrom: '2', onGone, reconnect: quick }))
          await session.until('message', 3)
          expect(session.events.find(({ type }) => type === 'open')).toMatchObject({ continuity })
          expect(session.data().slice(0, 3)).toEqual(upTo(3))
        },
      )
    }

    itOfFeed('lost resume point', '18: fails on a 410 by default', async (path) => {
      const session = record(connect(backend().url(path, { gone: 1 }), { resumeFrom: '2', reconnect: quick }))
      expect(await session.ended()).toMatchObject({ status: 410, retryable: false })
    })

    itOfStreams(undefined, '18: reports no continuity on its first connection', async (path) => {
      const session = record(connect(backend().url(path, { count: 1 }), { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(session.events.find(({ type }) => type === 'open')).not.toHaveProperty('continuity')
    })
  })
}
