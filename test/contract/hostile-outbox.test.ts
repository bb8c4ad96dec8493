import { createOutbox, fromWebSocket, limitBurst, type OutboxOptions } from 'rxwire'
import { recordWire } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type Cell, problemsOf, SECRET, THROWING, WRONG_VALUES } from './hostile-values.ts'

const net = networkForEachTest()

type Message = { readonly id: string }

/** Sends three messages over a socket, of which the server acknowledges each. */
async function sendThree(options: OutboxOptions<Message, string>, encode?: () => unknown) {
  const outbox = createOutbox<Message, string>(options)
  const socket = net.socket('/s', (server) => {
    server.onMessage = () => server.send('ack')
  })
  const wire = fromWebSocket('/s', {
    outgoing: outbox,
    decode: String,
    reconnect: false,
    ...(encode !== undefined && { encode: encode as () => string }),
  })
  const seen = recordWire(wire)
  await net.advance(100)
  const results = ['a', 'b', 'c'].map((id) =>
    outbox.send({ id }).then(
      () => 'sent',
      (error: unknown) => (error instanceof Error ? error.message : `not an error: ${typeof error}`),
    ),
  )
  await net.advance(120_000)
  return { outbox, seen, socket, results: await Promise.all(results) }
}

const idOf = ({ id }: Message) => id
const ignored = () => undefined

const perMessage: readonly (readonly [
  option: string,
  options: (callback: () => never) => OutboxOptions<Message, string>,
])[] = [
  ['sizeOf', (sizeOf) => ({ sizeOf })],
  ['idOf', (callback) => ({ idOf: callback, acknowledge: ignored })],
  ['conflateBy', (conflateBy) => ({ overflow: 'conflate', conflateBy })],
]

describe.each(perMessage)('%s of an outbox', (option, options) => {
  const valid = (name: string) =>
    option === 'sizeOf' ? name === 'a number' : option === 'conflateBy' && !name.includes('promise')

  it.each(WRONG_VALUES)('rejects the message by name, or accepts it, if it returns %s', async (name, make) => {
    const { seen, outbox, results } = await sendThree(options(make as () => never))
    expect(seen.isActive).toBe(true)
    if (valid(name)) expect(results).toEqual(['sent', 'sent', 'sent'])
    else for (const result of results) expect(result).toContain(option)
    expect(results.join()).not.toContain(SECRET)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: valid(name) ? 0 : 3 })
  })

  it.each(THROWING)('rejects the message by name if it throws %s', async (_, fail) => {
    const { seen, outbox, results } = await sendThree(options(fail as () => never))
    expect(seen.isActive).toBe(true)
    for (const result of results) expect(result).toContain(option)
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: 3 })
  })
})

describe('encode', () => {
  it.each(WRONG_VALUES.filter(([name]) => name !== 'an empty text'))(
    'rejects the message if it returns %s',
    async (_, make) => {
      const { seen, socket, results } = await sendThree({}, make)
      expect(seen.isActive).toBe(true)
      for (const result of results) expect(result).toContain('encode')
      expect(results.join()).not.toContain(SECRET)
      expect(socket.received).toEqual([])
    },
  )

  it.each(THROWING)('rejects the message if it throws %s', async (_, fail) => {
    const { seen, results } = await sendThree({}, fail)
    expect(seen.isActive).toBe(true)
    for (const result of results) expect(result).toContain('encode')
  })
})

describe('acknowledge', () => {
  it('acknowledges nothing with a result that is no id, and ends the wire by name if it throws or is asynchronous', async () => {
    const cells = [...WRONG_VALUES, ...THROWING].map(([name, callback], index): Cell => {
      const path = `/${index}`
      const socket = net.socket(path, (server) => server.send('a'))
      const outgoing = createOutbox<Message, string>({ idOf, acknowledge: callback as () => string })
      outgoing.send({ id: 'a' }).catch(() => {})
      const wire = fromWebSocket(path, { outgoing, decode: String, reconnect: false })
      const isRefused = name.includes('promise') || index >= WRONG_VALUES.length
      const cell = { name, wire, requests: socket.attempts, connections: socket, named: 'acknowledge' }
      return { ...cell, end: isRefused ? 'failed' : 'active' }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})

describe('burst', () => {
  const results = WRONG_VALUES.filter(([name]) => !name.includes('promise'))

  it.each(['conflateBy', 'onDrop'])('ends the wire by name if %s throws', async (option) => {
    const cells = [...results, ...THROWING].map(([name, callback], index): Cell => {
      const path = `/${option}${index}`
      const socket = net.socket(path, (server) => {
        for (const text of ['1', '2', '3']) server.send(text)
      })
      const overflow = option === 'onDrop' ? ('drop-oldest' as const) : ('conflate' as const)
      const burst = limitBurst<string>({ maxCount: 1, overflow, [option]: callback })
      const wire = fromWebSocket(path, { decode: String, burst, reconnect: false })
      const cell = { name, wire, requests: socket.attempts, connections: socket, named: option }
      return { ...cell, end: index < results.length ? 'active' : 'failed' }
    })
    expect(await problemsOf(net, cells)).toEqual([])
  })
})
