import { fromDurableStream } from 'rxwire'
import { describeWireContract } from './contract.ts'

// A browser silently repeats a request whose connection is cut before the end of its head, and small responses to long
// polls are mostly head: the planned cuts would be used up without a failure.
const modes = typeof document === 'undefined' ? (['sse', 'long-poll'] as const) : (['sse'] as const)

// What is exempt because of batches and offsets is tested on the fake network (test/unit/transports/durable-stream).
const exempt = {
  'inherited id': 'an offset belongs to a whole batch',
  'replayed message': 'an offset belongs to a whole batch',
  'undecodable message': 'a batch is settled as a whole',
  'reported failure': 'a batch is settled as a whole',
  'lone id': 'an offset is the position of the server, with or without messages',
  'long id': 'a response without a valid offset is no durable stream',
  'empty id': 'a response without a valid offset is no durable stream',
  'lost resume point': 'a restart asks for an offset of the protocol',
  rotation: 'a rotation belongs to one attempt',
  'page of HTML': 'a response without an offset is no durable stream, whatever its type',
}

for (const live of modes) {
  describeWireContract({
    transport: `fromDurableStream (${live})`,
    connect: (url, { decode = (text) => text, reconnect }) =>
      fromDurableStream(url, { live, reconnect, decode: (number) => decode(String(number)) }),
    ...(live === 'long-poll' && { opensWithItsMessage: 'a held poll has no head before its message' }),
    exempt,
    scenarios: {
      feed: '/durable/numbers',
      singles: '/durable/numbers?batch=1',
      held: '/durable/numbers?count=0&hold=1',
      refused: '/http/status',
      unavailable: '/durable/numbers?refuse=503&count=1',
      done: '/durable/numbers?count=0',
    },
  })
}
