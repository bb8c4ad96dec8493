import { decode, fromImagePing } from 'rxwire'
import { unable } from '../engines/limits.ts'
import { describeWireContract } from './contract.ts'

describeWireContract({
  transport: 'fromImagePing',
  cannotLetGo: unable('let go of a picture'),
  connect: (url, { reconnect }) =>
    fromImagePing(url, { retry: reconnect }).pipe(decode(({ width, height }) => `${width} × ${height}`)),
  outage: { kind: 'network', retryable: true },
  beforeRefusal: ['connecting', 'waiting', 'connecting', 'waiting', 'connecting'],
  knowsNoRetryAfter: 'browsers hide the refusal of a picture',
  opensWithItsMessage: 'nothing is told of a picture before it is there',
  scenarios: {
    held: '/http/held?mute=1',
    refused: '/http/status',
    unavailable: '/ping/image?status=503',
    done: '/ping/image',
  },
})
