import { createOutbox, type OutboxCounts, type OutboxOptions, type SendOptions } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'
import { HandMadeLink, narrowLink } from './support/hand-made-link.ts'

const nothing: OutboxCounts = { queued: 0, queuedBytes: 0, sent: 0, dropped: 0, inFlight: 0, buffered: 0 }

describe('an outbox', () => {
  it('queues messages without a link and writes them in order once a link is attached', async () => {
    const outbox = createOutbox<string>()
    const sends = ['a', 'b', 'c'].map((message) => outbox.send(message))
    expect(await fatesOf(...sends)).toEqual(['pending', 'pending', 'pending'])
    const link = new HandMadeLink<string>()
    outbox.attach(link)
    expect(link.written).toEqual(['a', 'b', 'c'])
    expect(await fatesOf(...sends)).toEqual(['resolved', 'resolved', 'resolved'])
  })

  it('writes synchronously while the link is writable', async () => {
    const outbox = createOutbox<string>()
    const link = new HandMadeLink<string>()
    outbox.attach(link)
    const sent = outbox.send('a')
    expect(link.written).toEqual(['a'])
    expect(await fateOf(sent)).toBe('resolved')
  })

  it('writes only while the link is writable and continues after it has drained', async () => {
    const outbox = createOutbox<string>()
    const link = new HandMadeLink<string>(false)
    const { drained } = outbox.attach(link)
    const sent = outbox.send('a')
    drained()
    expect(link.written).toEqual([])
    expect(await fateOf(sent)).toBe('pending')
    link.isWritable = true
    expect(link.written).toEqual([])
    drained()
    expect(link.written).toEqual(['a'])
    expect(await fateOf(sent)).toBe('resolved')
  })

  it('writes nothing after the message that reaches the high-water mark', async () => {
    const outbox = createOutbox<string>()
    const sends = ['a', 'b', 'c'].map((message) => outbox.send(message))
    const link = narrowLink<string>()
    const { drained } = outbox.attach(link)
    expect(link.written).toEqual(['a'])
    expect(await fatesOf(...sends)).toEqual(['resolved', 'pending', 'pending'])
    link.isWritable = true
    drained()
    expect(link.written).toEqual(['a', 'b'])
    expect(await fatesOf(...sends)).toEqual(['resolved', 'resolved', 'pending'])
  })

  it('keeps the order of queued and new messages', () => {
    const outbox = createOutbox<string>()
    outbox.send('a')
    const link = narrowLink<string>()
    const { drained } = outbox.attach(link)
    outbox.send('b')
    link.isWritable = true
    outbox.send('c')
    link.isWritable = true
    drained()
    expect(link.written).toEqual(['a', 'b', 'c'])
  })

  it('keeps queued messages across links that accept nothing', () => {
    const outbox = createOutbox<string>()
    outbox.send('a')
    for (let connection = 0; connection < 5; connection++) outbox.attach(new HandMadeLink<string>(false)).detach()
    const link = new HandMadeLink<string>()
    outbox.attach(link)
    expect(link.written).toEqual(['a'])
  })

  it('writes nothing to a detached link and no message twice', () => {
    const outbox = createOutbox<string>()
    const [gone, next] = [new HandMadeLink<string>(), new HandMadeLink<string>()]
    const { detach, drained } = outbox.attach(gone)
    outbox.send('a')
    detach()
    outbox.send('b')
    drained()
    outbox.attach(next)
    expect([gone.written, next.written]).toEqual([['a'], ['b']])
    detach()
    outbox.send('c')
    expect(next.written).toEqual(['b', 'c'])
  })

  it('rejects a message that cannot be encoded with a TypeError and continues with the next', async () => {
    const outbox = createOutbox<string>()
    const sends = ['a', 'b', 'c'].map((message) => outbox.send(message))
    const cause = new RangeError('not this one')
    const link = new HandMadeLink<string>()
    link.onWrite = (message) => {
      if (message === 'b') throw cause
    }
    outbox.attach(link)
    expect(link.written).toEqual(['a', 'c'])
    const [, fate] = await fatesOf(...sends)
    expect(fate).toBeInstanceOf(TypeError)
    expect(fate).toMatchObject({ cause, message: 'The message could not be encoded: not this one' })
    expect(outbox.getCounts()).toEqual({ ...nothing, sent: 2, dropped: 1 })
  })

  it('rejects a message that cannot be measured with a TypeError', async () => {
    const outbox = createOutbox<unknown>()
    const circle: unknown[] = []
    circle.push(circle)
    for (const fate of await fatesOf(outbox.send(circle), outbox.send(undefined), outbox.send(1n))) {
      expect(fate).toBeInstanceOf(TypeError)
    }
    expect(outbox.getCounts().queued).toBe(0)
  })

  it('rejects with a TypeError if sizeOf throws', async () => {
    const cause = new RangeError('not this one')
    const outbox = createOutbox<string>({
      sizeOf: () => {
        throw cause
      },
    })
    expect(await fateOf(outbox.send('a'))).toBeInstanceOf(TypeError)
  })

  it('counts a message that cannot be measured as dropped', async () => {
    const outbox = createOutbox<unknown>()
    const dropped: number[] = []
    outbox.counts.subscribe((counts) => dropped.push(counts.dropped))
    await fateOf(outbox.send(1n))
    expect(dropped).toEqual([0, 1])
  })

  it('works with destructured methods', async () => {
    const { send, feed, attach, getCounts, clear, counts } = createOutbox<string>()
    const link = narrowLink<string>()
    const sends = [send('a'), send('b')]
    const { drained, detach } = attach(link)
    clear()
    drained()
    detach()
    expect(await fatesOf(...sends)).toEqual(['resolved', expect.objectContaining({ kind: 'closed' })])
    expect(await fateOf(feed((async function* () {})()))).toBe('resolved')
    counts.subscribe((now) => expect(now).toEqual(getCounts())).unsubscribe()
  })
})

describe('an outbox with several links', () => {
  it('writes to the link that was attached first, and to the next one after it is detached', () => {
    const outbox = createOutbox<string>()
    const [first, second, third] = [1, 2, 3].map(() => new HandMadeLink<string>())
    if (!(first && second && third)) throw new Error('three links')
    const [one, two] = [outbox.attach(first), outbox.attach(second)]
    outbox.attach(third)
    outbox.send('a')
    two.drained()
    one.detach()
    outbox.send('b')
    two.detach()
    outbox.send('c')
    expect([first.written, second.written, third.written]).toEqual([['a'], ['b'], ['c']])
  })

  it('writes queued messages to the next link at once when the first one is detached', () => {
    const outbox = createOutbox<string>()
    const [shut, open] = [new HandMadeLink<string>(false), new HandMadeLink<string>()]
    const { detach } = outbox.attach(shut)
    const { drained } = outbox.attach(open)
    outbox.send('a')
    drained()
    expect(open.written).toEqual([])
    detach()
    expect(open.written).toEqual(['a'])
  })

  it('keeps using the first link when another one is detached', () => {
    const outbox = createOutbox<string>()
    const first = new HandMadeLink<string>()
    outbox.attach(first)
    outbox.attach(new HandMadeLink<string>()).detach()
    outbox.send('a')
    expect(first.written).toEqual(['a'])
  })
})

describe('createOutbox', () => {
  it.each<[string, unknown]>([
    ['capacity', 0],
    ['capacity', Number.NaN],
    ['capacityBytes', 0],
    ['capacityBytes', '1 MB'],
    ['ttlMs', -1],
    ['ttlMs', null],
    ['overflow', 'explode'],
    ['sizeOf', 7],
    ['conflateBy', 'topic'],
    ['idOf', 'id'],
    ['acknowledge', true],
  ])('throws a TypeError that names %s for %o', (option, value) => {
    const options = { [option]: value } as OutboxOptions<string>
    expect(() => createOutbox(options)).toThrow(TypeError)
    expect(() => createOutbox(options)).toThrow(`outbox: ${option} must be`)
  })

  it('throws a TypeError for conflate without conflateBy, and for conflateBy without conflate', () => {
    const complaint = "outbox: overflow 'conflate' and conflateBy must be given together"
    expect(() => createOutbox({ overflow: 'conflate' })).toThrow(new TypeError(complaint))
    expect(() => createOutbox({ conflateBy: () => 1 })).toThrow(new TypeError(complaint))
    expect(() => createOutbox({ overflow: 'conflate', conflateBy: () => 1 })).not.toThrow()
  })

  it('throws a TypeError for acknowledge without idOf', () => {
    expect(() => createOutbox({ acknowledge: () => '1' })).toThrow(new TypeError('outbox: acknowledge needs idOf'))
    expect(() => createOutbox({ idOf: () => '1' })).not.toThrow()
  })
})

it.each<[string, unknown]>([
  ['ttlMs', -1],
  ['ttlMs', Number.NaN],
  ['until', 'delivered'],
])('send rejects a %s of %o with a TypeError that names it', async (option, value) => {
  const outbox = createOutbox<string>()
  const fate = await fateOf(outbox.send('a', { [option]: value } as SendOptions))
  expect(fate).toBeInstanceOf(TypeError)
  expect(fate).toHaveProperty('message', expect.stringContaining(`${option} must be`))
  expect(outbox.getCounts()).toEqual(nothing)
})
