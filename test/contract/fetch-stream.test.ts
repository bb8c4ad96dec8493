import { decode, fromFetchStream, sse } from 'rxwire'
import { quick } from '../quick.ts'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromFetchStream',
  connect: (url, { decode: decodeText = (text) => text, failsWhen = () => undefined, reconnect, ...options }) =>
    fromFetchStream(url, {
      ...options,
      decode: sse({ decode: decodeText }),
      failsWhen: ({ data }) => failsWhen(data),
      resume: true,
      headers: ({ cursor }) => (cursor === undefined ? {} : { 'last-event-id': cursor }),
      // A resumable stream needs more than the two retries of a request.
      retry: { ...reconnect, maxRetries: reconnect?.maxRetries ?? Number.POSITIVE_INFINITY },
    }).pipe(decode(({ data }) => data)),
  connectUnsafely: (url, { reconnect, ...options }) =>
    fromFetchStream(url, { ...options, method: 'POST', body: 'again?', retry: reconnect }),
  connectWithHeaders: (url, headers) => fromFetchStream(url, { headers, retry: quick }),
  exempt: {
    'long id': 'a response is not repeated after a message without a usable id',
    'empty id': 'a response is not repeated after a message without a usable id',
    rotation: 'the end of a response ends the wire',
  },
  scenarios: {
    feed: '/sse/feed',
    held: '/sse/held',
    refused: '/sse/status',
    unavailable: '/sse/unavailable',
    done: '/sse/no-content',
    html: '/sse/html',
  },
})
