import { fromFetchStream, sse } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { net } from './net.ts'

test('a response that ends early fails after the messages received so far', async () => {
  const words = async function* () {
    yield 'data: Once\n\n'
    yield 'data: upon\n\n'
    yield 'data: [DONE]\n\n'
  }
  const chat = net.route('POST', '/chat', words, { contentType: 'text/event-stream' })
  chat.cutAfterBytes(15)
  const answer = recordWire(fromFetchStream('/chat', { method: 'POST', decode: sse(), endMarker: '[DONE]' }))
  await net.advance()
  expect(answer).toDeliver([expect.objectContaining({ data: 'Once' })])
  expect(answer).toFailWith({ kind: 'network' })
})
