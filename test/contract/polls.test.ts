import { fromLongPoll, fromPoll } from 'rxwire'
import { quick } from '../quick.ts'
import { describeWireContract } from './contract.ts'

const scenarios = {
  held: '/http/held',
  refused: '/http/status',
  unavailable: '/http/status?status=503',
  // A server cannot end a poll. The caller decides with `endsWhen`.
  done: '/http/json',
}

const exempt = {
  rotation: 'a response is complete when it ends',
  'page of HTML': 'the caller says how the body is read',
}

describeWireContract({
  transport: 'fromPoll',
  connect: (url, options) => fromPoll(url, { ...options, responseType: 'text', everyMs: 10, endsWhen: () => true }),
  connectWithHeaders: (url, headers) => fromPoll(url, { headers, responseType: 'text', reconnect: quick }),
  exempt,
  scenarios,
})

describeWireContract({
  transport: 'fromLongPoll',
  connect: (url, { decode = (text) => text, ...options }) => {
    const last = new URL(url).searchParams.get('count')
    return fromLongPoll(url, {
      ...options,
      decode: (line) => decode(String(line)),
      readCursor: { header: 'x-next' },
      sendCursor: { query: 'after' },
      responseType: 'text',
      messages: (body) => String(body).match(/.+/g) ?? [],
      endsWhen: (text) => last === null || text === last,
    })
  },
  connectWithHeaders: (url, headers) => fromLongPoll(url, { headers, responseType: 'text', reconnect: quick }),
  exempt: {
    ...exempt,
    'inherited id': 'a cursor belongs to the whole response',
    'replayed message': 'a cursor belongs to the whole response',
  },
  scenarios: { ...scenarios, feed: '/long-poll/lines', singles: '/long-poll/lines?batch=1' },
})
