import type { WireEvent } from 'rxwire'
import { describe, expect } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import { type Enrolment, itUnless, streamLaws } from './enrolment.ts'

function waits({ events }: Recording<string>) {
  const all: readonly WireEvent<string>[] = events
  return all.flatMap((event) => (event.type === 'waiting' ? [event] : []))
}

/** Laws 6, 14 and 17: what the end of a connection means. */
export function describeEndLaws(enrolment: Enrolment): void {
  const { transport, connect, scenarios, exempt = {}, opensWithItsMessage } = enrolment
  const itOfStreams = streamLaws(enrolment, 'feed')

  describe(`the end of a connection of ${transport}`, () => {
    itUnless(opensWithItsMessage, '6: counts connections that were only open as failures', async () => {
      const server = backend()
      const proxy = await server.proxy()
      const session = record(connect(proxy.url(scenarios.held), { reconnect: { ...quick, maxRetries: 4 } }))
      for (const count of [1, 2, 3]) {
        await session.until('open', count)
        // Repeated, because an upload may have been between two requests.
        const cut = async () => {
          await proxy.order({ cut: true })
          return waits(session).length
        }
        await expect.poll(cut).toBeGreaterThanOrEqual(count)
      }
      expect(
        waits(session)
          .map(({ attempt }) => attempt)
          .slice(0, 3),
      ).toEqual([1, 2, 3])
    })

    itOfStreams(
      'rotation',
      '14: takes a clean end after news for a rotation, as often as the server likes',
      async (path) => {
        const url = backend().url(path, { count: 6, rotateEvery: 1, retryMs: 20 })
        const session = record(connect(url, { reconnect: { ...quick, maxRetries: 1 } }))
        expect(await session.ended()).toBe('complete')
        expect(session.data()).toEqual(['1', '2', '3', '4', '5', '6'])
        expect(waits(session)).toHaveLength(6)
        for (const { attempt, cause, delayMs } of waits(session)) {
          expect([attempt, cause]).toEqual([0, 'rotated'])
          // What the server asks for, plus jitter, which does not grow.
          expect(delayMs).toBeGreaterThanOrEqual(20)
          expect(delayMs).toBeLessThanOrEqual(30)
        }
      },
    )

    itUnless(exempt.rotation, '14: takes a clean end without news for a failure', async () => {
      const url = backend().url(scenarios.endsWithoutNews ?? '')
      const session = record(connect(url, { reconnect: quick }))
      expect(await session.ended()).toBe('complete')
      expect(waits(session)).toMatchObject([{ attempt: 1, cause: { kind: 'closed', wasClean: true } }])
    })

    itUnless(exempt['page of HTML'], '17: fails on a page of HTML, and names both types', async () => {
      const server = backend()
      const session = record(connect(server.url(scenarios.html ?? ''), { reconnect: quick }))
      const error = await session.ended()
      expect(error).toMatchObject({ name: 'HttpError', status: 200, retryable: false })
      expect(String(error)).toMatch(/text\/html.* instead of text\/event-stream/)
      expect(session.types()).not.toContain('waiting')
    })
  })
}
