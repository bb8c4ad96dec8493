import { fromWebSocket } from 'rxwire'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromWebSocket',
  connect: (url, { decode = (text) => text, ...options }) =>
    fromWebSocket(url, {
      ...options,
      decode,
      idOf: (message) => message,
      sendOnOpen: ({ cursor = '' }) => [JSON.stringify({ after: cursor })],
    }),
  scenarios: {
    feed: '/ws/feed',
    held: '/ws/held',
    refused: '/ws/refused',
    unavailable: '/ws/unavailable',
    done: '/ws/closes',
  },
  outage: { kind: 'network', retryable: true },
  beforeRefusal: ['connecting', 'open'],
  knowsNoRetryAfter: 'the WebSocket API hides the headers of a refused handshake',
})
