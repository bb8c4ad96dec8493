import { fromEventSource } from 'rxwire'
import { describeWireContract, type Enrolment } from './contract.ts'

const scenarios: Enrolment['scenarios'] = {
  feed: '/sse/feed',
  held: '/sse/held',
  refused: '/sse/status',
  unavailable: '/sse/unavailable',
  done: '/sse/no-content',
}

describeWireContract({
  transport: 'fromEventSource (fetch)',
  connect: (url, options) => fromEventSource(url, { ...options, engine: 'fetch' }),
  scenarios,
  connectUnsafely: (url) => fromEventSource(url, { engine: 'fetch', method: 'POST', body: 'again?' }),
})

// Node has neither of the two: their suite runs in the browser project.
if (typeof XMLHttpRequest === 'function') {
  describeWireContract({
    transport: 'fromEventSource (xhr)',
    connect: (url, options) => fromEventSource(url, { ...options, engine: 'xhr' }),
    scenarios,
    connectUnsafely: (url) => fromEventSource(url, { engine: 'xhr', method: 'POST', body: 'again?' }),
  })
  describeWireContract({
    transport: 'fromEventSource (native)',
    connect: (url, options) => fromEventSource(url, { ...options, engine: 'native' }),
    scenarios,
    requestsPerRefusal: 2,
  })
}
