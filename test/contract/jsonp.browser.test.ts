import { fromJsonp } from 'rxwire'
import { describe } from 'vitest'
import { unable } from '../engines/limits.ts'
import { describeWireContract } from './contract.ts'

describe.each([true, false])('isolate: %s', (isolate) => {
  describeWireContract({
    transport: 'fromJsonp',
    mayBeAskedOnce: unable('load a script twice at once'),
    connect: (url, { reconnect }) => fromJsonp<string>(url, { isolate, retry: reconnect }),
    outage: { kind: 'network', retryable: true },
    knowsNoRetryAfter: 'browsers hide the refusal of a script',
    opensWithItsMessage: 'nothing is known of a script before it has run',
    scenarios: {
      held: '/http/held?type=text/javascript',
      refused: '/jsonp/no-call',
      unavailable: '/jsonp/answer?status=503',
      done: '/jsonp/answer',
    },
  })
})
