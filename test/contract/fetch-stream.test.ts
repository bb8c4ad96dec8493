import { decode, fromFetchStream, sse } from 'rxwire'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromFetchStream',
  connect: (url, { decode: decodeText = (text) => text, reconnect }) =>
    fromFetchStream(url, {
      decode: sse({ decode: decodeText }),
      resume: true,
      headers: ({ cursor }) => (cursor === undefined ? {} : { 'last-event-id': cursor }),
      // A resumable stream needs more than the two retries of a request.
      retry: { ...reconnect, maxRetries: reconnect?.maxRetries ?? Number.POSITIVE_INFINITY },
    }).pipe(decode(({ data }) => data)),
  scenarios: {
    feed: '/sse/feed',
    held: '/sse/held',
    refused: '/sse/status',
    unavailable: '/sse/unavailable',
    done: '/sse/no-content',
  },
})
