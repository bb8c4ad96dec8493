import { fromXhr } from 'rxwire'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromXhr',
  connect: (url, { reconnect, decode }) => fromXhr(url, { responseType: 'text', retry: reconnect, decode }),
  connectUnsafely: (url, { reconnect, ...options }) =>
    fromXhr(url, { ...options, responseType: 'text', method: 'POST', body: 'again?', retry: reconnect }),
  scenarios: {
    held: '/http/held',
    refused: '/http/status',
    unavailable: '/http/status?status=503',
    done: '/http/empty',
  },
})
