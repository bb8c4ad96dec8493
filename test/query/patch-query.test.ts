import { fromFetchStream, messages, ndjson } from 'rxwire'
import { patchQuery } from 'rxwire/query'
import { expect, it, vi } from 'vitest'
import { backend } from '../backend.ts'
import { record } from '../record.ts'
import { WireSubject } from '../unit/support/wire-subject.ts'
import { createClient, observe } from './observe.ts'

const queryKey = ['sum'] as const
const add = (sum: number | undefined, n: number) => (sum ?? 0) + n

it('folds the messages of a wire into the cache, and passes every event on', async () => {
  const server = backend()
  const client = createClient()
  const rows = fromFetchStream(server.url('/stream/ndjson', { count: 100 }), { decode: ndjson<{ n: number }>() })
  const seen = record(rows.pipe(patchQuery(client, queryKey, (sum: number | undefined, { n }) => add(sum, n))))
  await seen.ended()
  expect(seen.data()).toHaveLength(100)
  expect(seen.types()).toEqual(expect.arrayContaining(['connecting', 'open', 'message', 'close']))
  expect(client.getQueryData(queryKey)).toBe(5_050)
})

it('writes once per animation frame, and passes messages on at once', async () => {
  const client = createClient()
  client.setQueryData(queryKey, 100)
  const observed = observe<number, Error>(client, { queryKey, enabled: false })
  const wire = new WireSubject<number>()
  const seen = record(wire.pipe(patchQuery(client, queryKey, add)))
  wire.messages(1, 2, 3)
  expect(seen.data()).toEqual([1, 2, 3])
  expect(client.getQueryData(queryKey)).toBe(100)
  await expect.poll(() => observed.now().data).toBe(106)
  expect(observed.results).toHaveLength(1)
})

it('passes the message event to the fold, and subscribes to its wire once', () => {
  const client = createClient()
  const wire = new WireSubject<number>()
  const fold = vi.fn(add)
  const seen = record(wire.pipe(patchQuery(client, queryKey, fold)))
  wire.next({ type: 'message', data: 1, id: 'one', name: 'tick' })
  expect(wire.observers).toHaveLength(1)
  seen.stop()
  expect(fold).toHaveBeenCalledWith(undefined, 1, { type: 'message', data: 1, id: 'one', name: 'tick' })
})

it('writes all pending messages when the wire completes, fails or is unsubscribed', () => {
  const client = createClient()
  const written = () => client.getQueryData(queryKey)
  const ends: ((wire: WireSubject<number>, leave: () => void) => void)[] = [
    (wire) => wire.complete(),
    (wire) => wire.error(new Error('gone')),
    (_, leave) => leave(),
  ]
  for (const end of ends) {
    client.setQueryData(queryKey, 0)
    const wire = new WireSubject<number>()
    const subscription = wire
      .pipe(patchQuery(client, queryKey, add), messages())
      .subscribe({ error: () => expect(written()).toBe(3) })
    wire.messages(1, 2)
    end(wire, () => subscription.unsubscribe())
    expect(written()).toBe(3)
    expect(wire.observed).toBe(false)
  }
})

it('writes nothing when the fold returns undefined', () => {
  const client = createClient()
  const wire = new WireSubject<number>()
  const seen = record(
    wire.pipe(patchQuery(client, queryKey, (sum: number | undefined, n) => (sum === undefined ? undefined : sum + n))),
  )
  wire.messages(1)
  wire.complete()
  expect(client.getQueryCache().find({ queryKey })).toBeUndefined()
  expect(seen.data()).toEqual([1])
})

it('throws at the call when fold is not a function', () => {
  // @ts-expect-error not a function
  expect(() => patchQuery(createClient(), queryKey, 1)).toThrow('fold must be a function')
})
