import { fromEventSource, json } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { eventSourceEngines } from './event-source-engines.ts'

interface Tick {
  readonly price: number
}

const tick = json<Tick>()
const stream = [
  'event: tick\nid: 1\ndata: {"price":3}',
  'event: other\nid: 2\ndata: not JSON',
  'event: alert\nid: 3\ndata: "down"',
  'event: tick\nid: 4\ndata: {"price":',
  'id: 5\ndata: 7',
  'event: __proto__\nid: 6\ndata: {"price":4}',
]
const url = (events: readonly string[]) =>
  backend().url('/sse/once', { events: events.map((event) => `${event}\n\n`).join('') })

for (const { name, options: engine } of eventSourceEngines()) {
  describe(`fromEventSource with a decoder per event name over ${name}`, () => {
    it('delivers a name and its data for each event that has a decoder, and no other', async () => {
      const skipped: (string | undefined)[] = []
      const session = record(
        fromEventSource(url(stream), {
          ...engine,
          reconnect: quick,
          events: { tick, alert: (text) => text.toUpperCase(), message: z.number() },
          onBadMessage: (error, count) => skipped.push(`${count}: ${error.messageId}`),
        }),
      )
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([
        { name: 'tick', data: { price: 3 } },
        { name: 'alert', data: '"DOWN"' },
        { name: 'message', data: 7 },
      ])
      expect(session.events.flatMap((event) => (event.type === 'message' ? [[event.id, event.name]] : []))).toEqual([
        ['1', 'tick'],
        ['3', 'alert'],
        ['5', undefined],
      ])
      expect(skipped).toEqual(['1: 4'])
    })

    it('ends with the event that endsWhen recognizes by its name', async () => {
      const session = record(
        fromEventSource(url(stream), {
          ...engine,
          reconnect: quick,
          events: { tick, alert: json<string>(), message: json<number>() },
          endsWhen: (message) => message.name === 'alert' && message.data === 'down',
        }),
      )
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([
        { name: 'tick', data: { price: 3 } },
        { name: 'alert', data: 'down' },
      ])
    })

    it('knows an event that is named like a property of every object', async () => {
      const events = Object.fromEntries([['__proto__', tick]])
      const session = record(fromEventSource(url(stream), { ...engine, reconnect: quick, events }))
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([{ name: '__proto__', data: { price: 4 } }])
    })

    it('fails if a decoder returns a promise', async () => {
      const events = { tick: async (text: string) => text }
      const session = record(fromEventSource(url(stream), { ...engine, reconnect: false, events }))
      expect(await session.ended()).toMatchObject({
        kind: 'decode',
        message: expect.stringContaining('must be synchronous'),
      })
    })
  })
}

it.each<[string, object, string]>([
  ['decode is given, too', { events: { tick }, decode: tick }, 'decode and the decoders of events exclude each other'],
  ['a decoder is none', { events: { tick: 'json' } }, 'events: a decoder must be a function or a Standard Schema'],
  ['events is a text', { events: 'tick' }, 'events must be an array or an object'],
])('throws a TypeError if %s', (_, options, message) => {
  expect(() => fromEventSource('/ticks', options)).toThrow(new TypeError(message))
})
