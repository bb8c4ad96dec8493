import { createOutbox, type Outbox } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fatesOf } from './support/fates.ts'
import { HandMadeLink, narrowLink } from './support/hand-made-link.ts'

/** An outbox with `a` and `b`. Runs `what` while `a` is written, because a caller's encoder may call the outbox. */
function inTheMidst(what: (outbox: Outbox<string>, abort: () => void, detach: () => void) => void) {
  const outbox = createOutbox<string>({ capacity: 3, capacityBytes: 3 })
  const controller = new AbortController()
  outbox.send('a', { signal: controller.signal })
  outbox.send('b')
  const link = new HandMadeLink<string>(false)
  const { detach, drained } = outbox.attach(link)
  link.isWritable = true
  link.onWrite = () => {
    link.onWrite = () => {}
    what(outbox, () => controller.abort(), detach)
  }
  drained()
  return { outbox, link }
}

/** Expects an empty outbox to have room for exactly three messages of one byte. */
async function expectAllRoom({ send }: Outbox<string>, link: HandMadeLink<string>): Promise<void> {
  link.isWritable = false
  const overflow = expect.objectContaining({ kind: 'overflow' })
  const fates = await fatesOf(...['w', 'x', 'y', 'z'].map((message) => send(message)))
  expect(fates).toEqual(['pending', 'pending', 'pending', overflow])
}

describe('an outbox during a write', () => {
  it('keeps its counts correct when another message is sent', async () => {
    const { outbox, link } = inTheMidst(({ send }) => send('c'))
    expect(link.written).toEqual(['a', 'b', 'c'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, sent: 3 })
    await expectAllRoom(outbox, link)
  })

  it('keeps its counts correct when the message is aborted', async () => {
    const { outbox, link } = inTheMidst((_, abort) => abort())
    expect(link.written).toEqual(['a', 'b'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, inFlight: 0 })
    await expectAllRoom(outbox, link)
  })

  it('keeps its counts correct when it is cleared', async () => {
    const { outbox, link } = inTheMidst(({ clear }) => clear())
    expect(link.written).toEqual(['a'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, inFlight: 0 })
    await expectAllRoom(outbox, link)
  })

  it('keeps its counts correct when it is cleared and the write fails', async () => {
    const { outbox, link } = inTheMidst(({ clear }) => {
      clear()
      throw new RangeError('no')
    })
    expect(link.written).toEqual([])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, inFlight: 0, sent: 0, dropped: 2 })
    await expectAllRoom(outbox, link)
  })

  it('keeps its counts correct when the link is detached', () => {
    const { outbox, link } = inTheMidst((_, __, detach) => detach())
    expect(link.written).toEqual(['a'])
    expect(outbox.getCounts()).toMatchObject({ queued: 1, queuedBytes: 1 })
  })

  it('keeps its counts correct when the message is acknowledged', () => {
    const outbox = createOutbox<string, string>({ idOf: (message) => message, acknowledge: (id) => id })
    const link = new HandMadeLink<string>()
    link.onWrite = outbox.attach(link).received
    outbox.send('a')
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, inFlight: 0, sent: 1 })
  })
})

describe('a subscriber of the counts', () => {
  it('may send and receives the new counts', () => {
    const outbox = createOutbox<string>()
    const link = new HandMadeLink<string>()
    const seen: number[] = []
    outbox.attach(link)
    outbox.counts.subscribe(({ sent }) => {
      seen.push(sent)
      if (sent > 0 && sent < 4) outbox.send(`after ${sent}`)
    })
    outbox.send('first')
    expect(link.written).toEqual(['first', 'after 1', 'after 2', 'after 3'])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, sent: 4 })
    expect(seen[0]).toBe(0)
    expect(seen).toContain(4)
  })

  it('may send on the first emission and receives the new counts', () => {
    const outbox = createOutbox<string>()
    const seen: number[] = []
    outbox.counts.subscribe(({ queued }) => {
      seen.push(queued)
      if (queued === 0) outbox.send('a')
    })
    expect(seen.at(-1)).toBe(1)
  })

  it('may clear the outbox and detach the link', async () => {
    const outbox = createOutbox<string>({ capacity: 2 })
    const link = narrowLink<string>()
    const { detach } = outbox.attach(link)
    outbox.counts.subscribe(({ queued }) => {
      if (queued < 2) return
      detach()
      outbox.clear()
    })
    const sends = ['a', 'b', 'c'].map((message) => outbox.send(message))
    const closed = expect.objectContaining({ kind: 'closed' })
    expect(await fatesOf(...sends)).toEqual(['resolved', closed, closed])
    expect(outbox.getCounts()).toMatchObject({ queued: 0, queuedBytes: 0, sent: 1, dropped: 2 })
  })
})
