import { fromEventSource } from 'rxwire'
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
    },
    ...(name === 'native'
      ? { requestsPerRefusal: 2 }
      : {
          connectUnsafely: (url, options) =>
            fromEventSource(url, { ...options, ...engine, method: 'POST', body: 'again?' }),
        }),
  })
}
