import { fromJsonp, json } from 'rxwire'
import { describe } from 'vitest'
import { unable } from '../engines/limits.ts'
import { describeWireContract } from './contract.ts'

describe.each([true, false])('isolate: %s', (isolate) => {
  describeWireContract({
    transport: 'fromJsonp',
    mayBeAskedOnce: unable('load the same script twice at the same time'),
    connect: (url, { reconnect }) => fromJsonp(url, { decode: json<string>(), isolate, retry: reconnect }),
    outage: { kind: 'network', retryable: true },
    knowsNoRetryAfter: 'browsers hide the error response of a script',
    opensWithItsMessage: 'a script reports nothing before it has run',
    exempt: {
      rotation: 'a script is complete when it runs',
      'page of HTML': 'the browser runs no script of another type',
    },
    scenarios: {
      held: '/http/held?type=text/javascript',
      refused: '/jsonp/no-call',
      unavailable: '/jsonp/answer?status=503',
      done: '/jsonp/answer',
    },
  })
})
