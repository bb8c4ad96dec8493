import { fromFetch } from 'rxwire'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromFetch',
  mayBeAskedOnce: unable('fetch the same URL twice at the same time'),
  connect: (url, { reconnect, decode }) => fromFetch(url, { responseType: 'text', retry: reconnect, decode }),
  connectUnsafely: (url, { reconnect, ...options }) =>
    fromFetch(url, { ...options, responseType: 'text', method: 'POST', body: 'again?', retry: reconnect }),
  connectWithHeaders: (url, headers) => fromFetch(url, { headers, responseType: 'text', retry: quick }),
  exempt: { rotation: 'a response is complete when it ends', 'page of HTML': 'the caller says how the body is read' },
  scenarios: {
    held: '/http/held',
    refused: '/http/status',
    unavailable: '/http/status?status=503',
    done: '/http/empty',
  },
})
