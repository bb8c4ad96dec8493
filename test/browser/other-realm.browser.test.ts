import { createOutbox, fromFetch, fromWebSocket, json, sendBeacon } from 'rxwire'
import { expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { record } from '../record.ts'

/** The globals of a frame. Its classes are not identical to those of the page. */
function otherRealm(): typeof globalThis {
  const frame = document.createElement('iframe')
  document.body.append(frame)
  onTestFinished(() => frame.remove())
  const realm = frame.contentWindow as (Window & typeof globalThis) | null
  if (realm === null) throw new Error('the frame has no window')
  return realm
}

it('accepts a url and a query of another realm', async () => {
  const realm = otherRealm()
  const url = new realm.URL(backend().url('/http/echo'))
  const query = new realm.URLSearchParams({ page: '2' })
  const session = record(fromFetch(url, { decode: json<{ url: string }>(), query }))
  expect(await session.ended()).toBe('complete')
  expect(new URL(session.data()[0]?.url ?? '', url.href).searchParams.get('page')).toBe('2')
})

const because = unable('send a stream')
it.skipIf(because !== '')(`treats a stream of another realm as a body that cannot be repeated${because}`, async () => {
  const body = new (otherRealm().ReadableStream)<Uint8Array>()
  const proxy = await backend().proxy()
  await proxy.order({ passage: 'refusing' })
  const session = record(fromFetch(proxy.url('/http/echo'), { method: 'PUT', body }))
  expect(String(await session.ended())).toContain('its body is a stream')
})

it('counts the bytes of a form of another realm', async () => {
  const server = backend()
  const realm = otherRealm()
  const headers = { authorization: 'Bearer ada' }
  const text = 'x'.repeat(100 * 1024)
  expect(sendBeacon(server.url('/beacon'), new realm.URLSearchParams({ text }), { headers })).toMatchObject({
    by: 'fetch',
  })
  expect(sendBeacon(server.url('/beacon'), new realm.FormData(), { headers })).toMatchObject({ by: 'fetch' })
  await expect.poll(async () => (await server.stats()).seen).toHaveLength(2)
})

it('sends bytes and a Blob of another realm unchanged', async () => {
  const realm = otherRealm()
  const outgoing = createOutbox<BufferSource | Blob>({ capacity: 10, overflow: 'reject' })
  const session = record(
    fromWebSocket(backend().url('/ws/echo'), { outgoing, binaryType: 'blob', decode: (data) => data }),
  )
  await outgoing.send(new realm.ArrayBuffer(3))
  await outgoing.send(new realm.Blob(['blob']))
  await session.until('message', 2)
  const texts = await Promise.all(session.data().map((data) => new Response(data as Blob).text()))
  expect(texts).toEqual(['\0\0\0', 'blob'])
})
