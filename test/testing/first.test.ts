import { fromEventSource, fromFetch, fromFetchStream, fromLongPoll, fromUpload, fromWebSocket, fromXhr, ndjson, tus } from 'rxwire'
import { fakeNetwork, recordWire, wireMatchers } from 'rxwire/testing'
import { afterEach, expect, it } from 'vitest'

expect.extend(wireMatchers)
const net = fakeNetwork({ seed: 1 })
afterEach(() => net.uninstall())

it('sse', async () => {
  net.install()
  const feed = net.log('/ticks')
  const seen = recordWire(fromEventSource('/ticks'))
  feed.send({ price: 3 })
  await net.advance()
  feed.cut()
  await net.advance(5_000)
  feed.send({ price: 4 })
  await net.advance()
  console.info(JSON.stringify(seen.events), feed.attempts, net.open, net.leaks())
  seen.unsubscribe()
  expect(net.open).toBe(0)
})
it('others', async () => {
  net.install()
  const feed = net.log('/ticks', {format: 'ndjson'})
  const feed2 = net.log('/poll')
  net.route('POST', '/echo', async (request) => ({ got: await request.json() }))
  const seen = [recordWire(fromFetchStream('/ticks', { decode: ndjson() })), recordWire(fromWebSocket('/ticks')), recordWire(fromLongPoll('/poll')),
   recordWire(fromFetch('/echo', { json: { a: 1 } , method: 'POST'})), recordWire(fromXhr('/echo', { json: { a: 1 } , method: 'POST'})), recordWire(fromFetch('/nothing'))]
  feed.send({ price: 3 })
  feed2.send(1)
  await net.advance()
  feed2.send(2)
  await net.advance()
  for (const s of seen) console.info(JSON.stringify(s.events), s.error?.message)
  console.info(feed.attempts, feed2.attempts, net.leaks())
  for (const s of seen) s.unsubscribe()
  expect(net.open).toBe(0)
})
it('upload', async () => {
  net.install()
  const files = net.upload('/files')
  const seen = recordWire(fromUpload('/files', new File(['0123456789'.repeat(1000)], 'a.txt'), { protocol: tus() }))
  files.cutAfterBytes(5000)
  await net.advance(1000)
  await net.advance(5000)
  console.info(JSON.stringify(seen.events), seen.error?.message, files.files[0]?.bytes.length, files.requests.map(r=>[r.method,r.url,r.headers['upload-offset']]))
})
