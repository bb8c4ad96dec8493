import { fromWebSocket } from 'rxwire'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromWebSocket',
  connect: (url, { decode = (text) => text, onGone: _, ...options }) =>
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
  exempt: {
    'undecodable message': 'the id of a message is a part of what is decoded',
    'lone id': 'an id is a part of a message',
    'inherited id': 'the caller says which id a message has',
    'long id': 'the caller says which id a message has',
    'empty id': 'the caller says which id a message has',
    'lost resume point': 'the WebSocket API hides the status of a refused handshake',
    rotation: 'close codes say what the end of a connection means',
    'page of HTML': 'a WebSocket has no content type',
  },
  outage: { kind: 'network', retryable: true },
  beforeRefusal: ['connecting', 'open'],
  knowsNoRetryAfter: 'the WebSocket API hides the headers of a refused handshake',
})
