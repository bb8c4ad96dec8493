import { fromDurableStream } from 'rxwire'
import { describeWireContract } from './contract.ts'

// A browser silently repeats a request whose connection is cut before the end of its head, and small responses to long
// polls are mostly head: the planned cuts would be used up without a failure.
const modes = typeof document === 'undefined' ? (['sse', 'long-poll'] as const) : (['sse'] as const)

for (const live of modes) {
  describeWireContract({
    transport: `fromDurableStream (${live})`,
    connect: (url, { decode = (text) => text, reconnect }) =>
      fromDurableStream<string>(url, { live, reconnect, decode: (number) => decode(String(number)) }),
    scenarios: {
      feed: '/durable/numbers',
      held: '/durable/numbers?count=0&hold=1',
      refused: '/http/status',
      unavailable: '/durable/numbers?refuse=503&count=1',
      done: '/durable/numbers?count=0',
    },
  })
}
