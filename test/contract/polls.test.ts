import { fromLongPoll, fromPoll } from 'rxwire'
import { describeWireContract } from './contract.ts'

const scenarios = {
  held: '/http/held',
  refused: '/http/status',
  unavailable: '/http/status?status=503',
  // A server cannot end a poll. The caller decides with `endsWhen`.
  done: '/http/json',
}

describeWireContract({
  transport: 'fromPoll',
  connect: (url, options) => fromPoll(url, { ...options, responseType: 'text', everyMs: 10, endsWhen: () => true }),
  scenarios,
})

describeWireContract({
  transport: 'fromLongPoll',
  connect: (url, { decode = (text) => text, reconnect }) => {
    const last = new URL(url).searchParams.get('count')
    return fromLongPoll<string>(url, {
      reconnect,
      decode: (line) => decode(String(line)),
      readCursor: { header: 'x-next' },
      sendCursor: { query: 'after' },
      responseType: 'text',
      messages: (body) => String(body).split('\n'),
      endsWhen: (text) => last === null || text === last,
    })
  },
  scenarios: { ...scenarios, feed: '/long-poll/lines' },
})
