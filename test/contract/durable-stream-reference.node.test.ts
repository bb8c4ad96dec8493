import { fromDurableStream } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { cutModes, expectAllThroughCuts } from '../chaos/durable-stream-cuts.ts'
import { record } from '../record.ts'
import { startReferenceServer } from '../server/durable-streams.ts'

describe('fromDurableStream with the reference server', () => {
  it.each(cutModes)('delivers every message once and in order through 100 cuts (live: %s)', (live) =>
    expectAllThroughCuts(live, 100, 7),
  )

  it.each([
    ['the elements of a JSON stream', 'application/json', '[{"n":1},[2]]', '[3]', [{ n: 1 }, [2], 3]],
    ['the pieces of a text stream', 'text/plain', 'grüß ', 'dich\n', ['grüß ', 'dich\n']],
    [
      'the bytes of any other stream',
      'application/octet-stream',
      Uint8Array.of(0, 255),
      Uint8Array.of(10, 13),
      [Uint8Array.of(0, 255), Uint8Array.of(10, 13)],
    ],
  ])('delivers %s, before and after the tail, in each mode', async (_, type, before, after, expected) => {
    const server = await startReferenceServer()
    const stream = await server.create('/stream', type)
    await stream.append(before)
    const sessions = cutModes.map((live) => record(fromDurableStream(stream.url, { live })))
    for (const session of sessions) await session.until('message')
    const offset = await stream.append(after)
    await stream.close()
    for (const session of sessions) {
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual(expected)
      expect(session.events.filter(({ type }) => type === 'message').at(-1)).toMatchObject({ id: offset })
      expect(session.types()).not.toContain('waiting')
    }
  })

  it('starts at the tail with `now`, and after the offset of a message', async () => {
    const server = await startReferenceServer()
    const stream = await server.create('/stream')
    const offset = await stream.append('[1,2]')
    await stream.append('[3]')
    const fromOffset = record(fromDurableStream(stream.url, { resumeFrom: offset, live: false }))
    expect(await fromOffset.ended()).toBe('complete')
    expect(fromOffset.data()).toEqual([3])
    const fromTail = record(fromDurableStream(stream.url, { resumeFrom: 'now' }))
    await fromTail.until('open')
    await stream.append('[4]')
    await fromTail.until('message')
    expect(fromTail.data()).toEqual([4])
  })

  it('stays in one attempt while long polls time out and event streams are kept alive', async () => {
    const server = await startReferenceServer(50)
    const stream = await server.create('/stream')
    const sessions = cutModes.map((live) => record(fromDurableStream(stream.url, { live })))
    for (const session of sessions) await session.until('progress', 5)
    await stream.append('[1]')
    for (const session of sessions) {
      await session.until('message')
      expect(session.types().filter((type) => type === 'connecting' || type === 'waiting')).toEqual(['connecting'])
    }
  })

  it('fails with a 404 for a stream that does not exist', async () => {
    const server = await startReferenceServer()
    const session = record(fromDurableStream(`http://127.0.0.1:${server.port}/none`))
    expect(await session.ended()).toMatchObject({ kind: 'http', status: 404 })
  })
})
