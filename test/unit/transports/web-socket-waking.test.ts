import { fromWebSocket } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { expect, it } from 'vitest'
import { networkForEachTest } from '../support/net.ts'

const net = networkForEachTest()

it('a socket with a stall limit keeps a silent connection for that time after a sleep', async () => {
  const log = net.log('/socket')
  const seen = recordWire(fromWebSocket('/socket', { decode: String, idOf: String, stallTimeoutMs: 60_000 }))
  await net.advance()
  log.write('7')
  await net.advance()
  net.shiftClock(3_600_000)
  await net.advance(10_000)
  expect(seen.types).toContain('message')
  await net.advance(30_000)
  expect(seen.types).not.toContain('waiting')
})
