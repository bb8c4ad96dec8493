import { decode, fromImagePing } from 'rxwire'
import { unable } from '../engines/limits.ts'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromImagePing',
  cannotLetGo: unable('abort the request of an image'),
  connect: (url, { reconnect }) =>
    fromImagePing(url, { retry: reconnect }).pipe(decode(({ width, height }) => `${width} × ${height}`)),
  outage: { kind: 'network', retryable: true },
  beforeRefusal: ['connecting', 'waiting', 'connecting', 'waiting', 'connecting'],
  knowsNoRetryAfter: 'browsers hide the error response of an image',
  opensWithItsMessage: 'an image reports nothing before it has loaded',
  exempt: { rotation: 'an image is complete when it has loaded', 'page of HTML': 'the browser decodes only images' },
  scenarios: {
    held: '/http/held?mute=1',
    refused: '/http/status',
    unavailable: '/ping/image?status=503',
    done: '/ping/image',
  },
})
