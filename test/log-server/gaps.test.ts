import { EventSource } from 'eventsource'
import { fromEventSource, nativeEngine, type WireEvent } from 'rxwire'
import { memoryLogs } from 'rxwire/server'
import { expect, it } from 'vitest'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { listen } from './listen.ts'
import { type LogTransport, logTransports } from './log-transports.ts'
import { numbers, serveNumbers } from './serve-numbers.ts'

const transports: readonly LogTransport[] = [
  // A long poll is answered with 410, and `onGone` decides.
  ...logTransports.filter(({ name }) => name !== 'fromLongPoll'),
  {
    name: 'fromEventSource with nativeEngine',
    connect: (url, _, reconnect) =>
      fromEventSource(() => `${url()}?offset=-1`, { decode: Number, engine: nativeEngine({ EventSource }), reconnect }),
  },
]

/** Numbers, and in their place the continuity of each `open`. */
const story = (events: readonly WireEvent<number>[]) =>
  events.flatMap((event): (number | string)[] => {
    if (event.type === 'message') return [event.data]
    return event.type === 'open' ? [event.continuity ?? 'open'] : []
  })

it.each(transports)('$name reports a gap when the log drops messages before they are read', async ({ connect }) => {
  const log = memoryLogs({ maxItems: 3 }).open<number>('numbers')
  const { url, sockets } = await serveNumbers(log, { retryMs: 1 })
  await log.append([1])
  const session = record(connect(() => url, 'earliest', quick))
  await session.until('message')
  await log.append(numbers(2, 11))
  await session.until('message', 4)
  for (const socket of sockets) socket.destroy()
  await log.append(numbers(12, 20))
  await session.until('message', 7)
  await log.append([21])
  await session.until('message', 8)
  expect(story(session.events)).toEqual(['open', 1, 'gap', 9, 10, 11, 'open', 'gap', 18, 19, 20, 21])
})

it('an event that is only named like a gap is a message', async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: gap\nid: 7\ndata: {"from":"3","to":"5"}\n\n')
  })
  const session = record(fromEventSource(url))
  await session.until('message')
  expect(session.events.at(-1)).toEqual({ type: 'message', data: '{"from":"3","to":"5"}', id: '7', name: 'gap' })
})
