import { fromEventSource } from 'rxwire'
import { quick } from '../quick.ts'
import { describeWireContract } from './contract.ts'
import { eventSourceEngines } from './event-source-engines.ts'

for (const { name, options: engine } of eventSourceEngines()) {
  describeWireContract({
    transport: `fromEventSource (${name})`,
    connect: (url, options) => fromEventSource(url, { ...options, ...engine }),
    scenarios: {
      feed: '/sse/feed',
      held: '/sse/held',
      refused: '/sse/status',
      unavailable: '/sse/unavailable',
      done: '/sse/no-content',
      endsWithoutNews: `/sse/once?events=${encodeURIComponent(': hello\n\n')}`,
      html: '/sse/html',
    },
    ...(name === 'native'
      ? {
          requestsPerRefusal: 2,
          exempt: {
            'lone id': 'the native EventSource shows an id only together with its event',
            rotation: 'the native EventSource hides whether a response has ended cleanly',
            credentials: 'the native EventSource sends no headers',
          },
        }
      : {
          connectWithHeaders: (url, headers) => fromEventSource(url, { ...engine, headers, reconnect: quick }),
          connectUnsafely: (url, options) =>
            fromEventSource(url, { ...options, ...engine, method: 'POST', body: 'again?' }),
        }),
  })
}
