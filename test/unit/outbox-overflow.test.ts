import { createOutbox, type OverflowPolicy } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, fatesOf, unhandledRejections } from './support/fates.ts'
import { HandMadeLink, written } from './support/hand-made-link.ts'

const overflow = expect.objectContaining({ kind: 'overflow', retryable: false })

describe('outbox capacity', () => {
  it('is 1,000 messages by default', async () => {
    const outbox = createOutbox<number>()
    const sends = Array.from({ length: 1_001 }, (_, at) => outbox.send(at))
    expect((await fatesOf(...sends)).filter((fate) => fate !== 'pending')).toEqual([overflow])
    expect(outbox.getCounts()).toMatchObject({ queued: 1_000, dropped: 1 })
  })

  it('is 8 MiB by default', async () => {
    const mebibyte = new Uint8Array(1024 * 1024)
    const outbox = createOutbox<Uint8Array>()
    const sends = Array.from({ length: 8 }, () => outbox.send(mebibyte))
    expect(new Set(await fatesOf(...sends))).toEqual(new Set(['pending']))
    expect(outbox.getCounts()).toMatchObject({ queued: 8, queuedBytes: 8 * 1024 * 1024 })
    expect(await fateOf(outbox.send(new Uint8Array(1)))).toEqual(overflow)
  })

  it('counts the bytes that sizeOf returns', async () => {
    const outbox = createOutbox<number>({ capacityBytes: 10, sizeOf: (message) => message })
    const sends = [6, 5, 4, 1, 0].map((bytes) => outbox.send(bytes))
    expect(await fatesOf(...sends)).toEqual(['pending', overflow, 'pending', overflow, 'pending'])
    expect(outbox.getCounts()).toMatchObject({ queued: 3, queuedBytes: 10, dropped: 2 })
  })

  it.each<[string, { capacity?: number; capacityBytes?: number }]>([
    ['messages', { capacity: 2 }],
    ['bytes', { capacityBytes: 2 }],
  ])('limits the number of %s, including messages in flight', async (_, bound) => {
    const outbox = createOutbox<string, string>({ ...bound, idOf: (message) => message, acknowledge: (id) => id })
    const { received } = outbox.attach(new HandMadeLink<string>())
    outbox.send('a')
    outbox.send('b')
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 2 })
    expect(await fateOf(outbox.send('c'))).toEqual(overflow)
    received('a')
    expect(await fateOf(outbox.send('d'))).toBe('resolved')
  })

  it('has room again as soon as a message is written', async () => {
    const outbox = createOutbox<string>({ capacity: 1 })
    outbox.send('a')
    expect(written(outbox)).toEqual(['a'])
    expect(await fatesOf(outbox.send('b'), outbox.send('c'))).toEqual(['resolved', 'resolved'])
  })
})

describe('a full outbox', () => {
  it.each<OverflowPolicy | undefined>([undefined, 'reject', 'drop-newest'])(
    'rejects the new message under %s and keeps the others',
    async (policy) => {
      const outbox = createOutbox<string>({ capacity: 2, overflow: policy })
      expect(await fatesOf(...['a', 'b', 'c'].map((each) => outbox.send(each)))).toEqual([
        'pending',
        'pending',
        overflow,
      ])
      expect(outbox.getCounts()).toMatchObject({ queued: 2, dropped: 1 })
      expect(written(outbox)).toEqual(['a', 'b'])
    },
  )

  it('drops as few of the oldest messages as possible under drop-oldest', async () => {
    const outbox = createOutbox<string>({ capacityBytes: 4, overflow: 'drop-oldest' })
    const sends = ['a', 'b', 'cc', 'dd'].map((each) => outbox.send(each))
    expect(await fatesOf(...sends)).toEqual([overflow, overflow, 'pending', 'pending'])
    expect(outbox.getCounts()).toMatchObject({ queued: 2, queuedBytes: 4, dropped: 2 })
    expect(written(outbox)).toEqual(['cc', 'dd'])
  })

  it('drops nothing under drop-oldest for a message larger than capacityBytes', async () => {
    const outbox = createOutbox<string>({ capacityBytes: 4, overflow: 'drop-oldest' })
    const sends = ['a', 'b', 'ccccc'].map((each) => outbox.send(each))
    expect(await fatesOf(...sends)).toEqual(['pending', 'pending', overflow])
    expect(written(outbox)).toEqual(['a', 'b'])
  })

  it('never drops a message in flight', async () => {
    const outbox = createOutbox<string, string>({
      capacity: 1,
      overflow: 'drop-oldest',
      idOf: (message) => message,
      acknowledge: (id) => id,
    })
    const { detach } = outbox.attach(new HandMadeLink<string>())
    outbox.send('a')
    expect(await fateOf(outbox.send('b'))).toEqual(overflow)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 1, queued: 0, dropped: 1 })
    detach()
    expect(written(outbox)).toEqual(['a'])
  })

  it('drops nothing under drop-oldest if messages in flight leave too little room anyway', async () => {
    const outbox = createOutbox<string, string>({
      capacityBytes: 3,
      overflow: 'drop-oldest',
      idOf: (message) => message,
      acknowledge: (id) => id,
    })
    const link = new HandMadeLink<string>()
    const { detach } = outbox.attach(link)
    outbox.send('a')
    link.isWritable = false
    expect(await fatesOf(outbox.send('b'), outbox.send('ccc'))).toEqual(['pending', overflow])
    detach()
    expect(written(outbox)).toEqual(['a', 'b'])
  })

  it('drops queued messages under drop-oldest while others are in flight', async () => {
    const outbox = createOutbox<string, string>({
      capacity: 2,
      overflow: 'drop-oldest',
      idOf: (message) => message,
      acknowledge: (id) => id,
    })
    const link = new HandMadeLink<string>()
    const { drained } = outbox.attach(link)
    outbox.send('a')
    link.isWritable = false
    expect(await fatesOf(outbox.send('b'), outbox.send('c'))).toEqual([overflow, 'pending'])
    link.isWritable = true
    drained()
    expect(link.written).toEqual(['a', 'c'])
  })

  it('keeps a fed message under drop-oldest and drops the next one instead', async () => {
    const outbox = createOutbox<string>({ capacity: 2, overflow: 'drop-oldest' })
    const fed = outbox.feed(
      (async function* () {
        yield 'fed'
      })(),
    )
    await fateOf(fed)
    expect(await fatesOf(outbox.send('a'), outbox.send('b'))).toEqual([overflow, 'pending'])
    expect(await fateOf(fed)).toBe('pending')
    expect(written(outbox)).toEqual(['fed', 'b'])
  })

  it('drops nothing under drop-oldest if a fed message leaves too little room anyway', async () => {
    const outbox = createOutbox<string>({ capacityBytes: 6, overflow: 'drop-oldest' })
    const fed = outbox.feed(
      (async function* () {
        yield 'fed!'
      })(),
    )
    await fateOf(fed)
    expect(await fatesOf(outbox.send('a'), outbox.send('bbb'))).toEqual(['pending', overflow])
    expect(written(outbox)).toEqual(['fed!', 'a'])
  })
})

describe('a send that is not awaited', () => {
  it.each<OverflowPolicy>(['reject', 'drop-oldest', 'conflate'])(
    'causes an unhandled rejection if the outbox rejects it at once under %s',
    async (policy) => {
      const conflateBy = policy === 'conflate' ? (message: string) => message : undefined
      const outbox = createOutbox<string>({ capacityBytes: 2, overflow: policy, conflateBy })
      expect(
        await unhandledRejections(() => {
          outbox.send('a')
          outbox.send('bbb')
        }),
      ).toEqual([overflow])
    },
  )

  it('causes no unhandled rejection under drop-newest', async () => {
    const outbox = createOutbox<string>({ capacity: 1, overflow: 'drop-newest' })
    expect(
      await unhandledRejections(() => {
        outbox.send('a')
        outbox.send('b')
      }),
    ).toEqual([])
  })

  it('causes no unhandled rejection if its message is dropped later, for any reason', async () => {
    const oldest = createOutbox<string>({ capacity: 1, overflow: 'drop-oldest' })
    const conflated = createOutbox<string>({ overflow: 'conflate', conflateBy: () => 'the same' })
    const encoding = createOutbox<string>()
    const cleared = createOutbox<string>()
    const expired = createOutbox<string>({ ttlMs: 0 })
    const aborted = createOutbox<string>()
    const controller = new AbortController()
    const faulty = new HandMadeLink<string>()
    faulty.onWrite = () => {
      throw new RangeError('no')
    }
    const rejections = await unhandledRejections(async () => {
      oldest.send('a')
      oldest.send('b')
      conflated.send('a')
      conflated.send('b')
      encoding.send('a')
      encoding.attach(faulty)
      cleared.send('a')
      cleared.clear()
      expired.send('a')
      aborted.send('a', { signal: controller.signal })
      controller.abort()
      await expect.poll(() => expired.getCounts().dropped).toBe(1)
    })
    expect(rejections).toEqual([])
    const dropped = [oldest, conflated, encoding, cleared].map((outbox) => outbox.getCounts().dropped)
    expect(dropped).toEqual([1, 1, 1, 1])
  })
})
