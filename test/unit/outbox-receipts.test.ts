import { createOutbox, type OutboxLink } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { fateOf, fatesOf } from './support/fates.ts'

/** A link that passes messages on, and is told later what has become of them. */
function passingLink() {
  const receipts: { resolve(): void; reject(reason: Error): void }[] = []
  const link: OutboxLink<string> = {
    isWritable: true,
    bufferedBytes: 0,
    write: () => new Promise<void>((resolve, reject) => receipts.push({ resolve, reject })),
  }
  return { link, receipts }
}

describe('an outbox on a link that passes messages on', () => {
  it('resolves `send` with the receipt', async () => {
    const outbox = createOutbox<string>()
    const { link, receipts } = passingLink()
    outbox.attach(link)
    const sent = outbox.send('a')
    expect(await fateOf(sent)).toBe('pending')
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 1 })
    receipts[0]?.resolve()
    expect(await fateOf(sent)).toBe('resolved')
    expect(outbox.getCounts()).toMatchObject({ inFlight: 0, dropped: 0 })
  })

  it('rejects `send` with the reason of the link', async () => {
    const outbox = createOutbox<string>()
    const { link, receipts } = passingLink()
    outbox.attach(link)
    const sent = outbox.send('a')
    const reason = new Error('no room')
    receipts[0]?.reject(reason)
    expect(await fateOf(sent)).toBe(reason)
    expect(outbox.getCounts()).toMatchObject({ inFlight: 0, dropped: 1 })
  })

  it('drops a message without an acknowledgement when the link ends before its receipt', async () => {
    const outbox = createOutbox<string>()
    const first = passingLink()
    const { detach } = outbox.attach(first.link)
    const sent = outbox.send('a')
    detach()
    const second = passingLink()
    outbox.attach(second.link)
    expect(await fateOf(sent)).toMatchObject({ kind: 'closed', message: expect.stringContaining('may have been sent') })
    expect(second.receipts).toHaveLength(0)
    first.receipts[0]?.resolve()
    expect(outbox.getCounts()).toMatchObject({ queued: 0, inFlight: 0, dropped: 1 })
  })

  it('sends an acknowledged message again on the next link', async () => {
    const outbox = createOutbox<string, string>({ idOf: (message) => message, acknowledge: (incoming) => incoming })
    const first = passingLink()
    const { detach } = outbox.attach(first.link)
    const sent = outbox.send('a')
    const arrived = outbox.send('b', { until: 'acknowledged' })
    detach()
    const second = passingLink()
    const { received } = outbox.attach(second.link)
    expect(second.receipts).toHaveLength(2)
    received('b')
    second.receipts[0]?.resolve()
    expect(await fatesOf(sent, arrived)).toEqual(['resolved', 'resolved'])
  })
})
