import { fromWebSocket, pingPong } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { net } from './net.ts'

test('a half-open connection is replaced', async () => {
  const chat = net.socket('/chat', (socket) => {
    socket.onMessage = () => socket.send('pong')
  })
  const heartbeat = pingPong({ ping: () => 'ping', pong: 'pong' })
  const wire = recordWire(fromWebSocket('/chat', { heartbeat }))
  await net.advance()
  chat.halfOpen()
  await net.advance(60_000)
  const silent = expect.objectContaining({ kind: 'timeout' })
  expect(wire).toEmit(['connecting', 'open', { type: 'waiting', cause: silent }, 'connecting', 'open'])
  wire.unsubscribe()
})
