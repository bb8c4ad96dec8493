import { fromXhr } from 'rxwire'
import { quick } from '../quick.ts'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromXhr',
  connect: (url, { reconnect, decode }) => fromXhr(url, { responseType: 'text', retry: reconnect, decode }),
  connectUnsafely: (url, { reconnect, ...options }) =>
    fromXhr(url, { ...options, responseType: 'text', method: 'POST', body: 'again?', retry: reconnect }),
  connectWithHeaders: (url, headers) => fromXhr(url, { headers, responseType: 'text', retry: quick }),
  exempt: { rotation: 'a response is complete when it ends', 'page of HTML': 'the caller says how the body is read' },
  scenarios: {
    held: '/http/held',
    refused: '/http/status',
    unavailable: '/http/status?status=503',
    done: '/http/empty',
  },
})
