import { NEVER, throwError } from 'rxjs'
import { CloseError, createRun, type ReconnectPolicy, type Run, runStore, type Wire, type WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { loggedRun, streamedRun } from '../support/runs.ts'
import { FRAME_MS, storesForEachTest } from '../support/stores.ts'

const { net, listen } = storesForEachTest({ page: false })

describe('a start that fails', () => {
  it('[law] 13: is not sent again by reconnect, by another listener or after a lost connection', async () => {
    const { run, posts } = streamedRun(net, ['data: a', 'cut'], ['data: a', 'cut'], ['data: a', 'hold'])
    const store = runStore(run, { id: 'chat', keep: 10 })
    const leave = listen(store)
    store.start('Why?')
    await net.advance(60_000)
    store.reconnect({ repeat: true })
    await net.advance(FRAME_MS)
    leave()
    await net.advance(FRAME_MS)
    listen(store)
    await net.advance(FRAME_MS)
    expect(posts.requests).toHaveLength(1)
    await store.stop()
  })

  it.each([400, 401, 503])('is final when the server responds with %i, and the next start is sent', async (status) => {
    const { run, posts, attached } = loggedRun(net)
    posts.answer(status, { times: 1 })
    const store = runStore(run, { id: 'chat' })
    listen(store)
    store.start('Why?')
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { status } })
    store.reconnect()
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { status } })
    expect(attached).toEqual([])
    expect(posts.requests).toHaveLength(1)
    store.start('Why?')
    await net.advance(FRAME_MS)
    expect(posts.requests).toHaveLength(2)
    expect(store.getSnapshot().connection).toBe('open')
    await store.stop()
  })

  it.each([
    ['404', 404],
    ['204', 204],
  ])('shows its own failure when it was lost and the server responds to resume with %s', async (_, status) => {
    const { run, posts, reads, attached } = streamedRun(net, ['cut'])
    posts.refuse()
    reads.answer(status)
    const store = runStore(run, { id: 'chat' })
    listen(store)
    store.start('Why?')
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { kind: 'network' } })
    expect(store.getSnapshot().error?.message).toMatch(/^POST/)
    store.reconnect()
    await net.advance(60_000)
    expect(store.getSnapshot().error?.message).toMatch(/^POST/)
    expect(attached).toHaveLength(1)
  })

  it('attaches when only its response was lost', async () => {
    const { run, posts, log } = loggedRun(net)
    posts.refuse()
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    log.send('a')
    store.start('Why?')
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a'] })
    expect(posts.requests).toHaveLength(1)
    await store.stop()
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no prompt')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no prompt'))],
  ])('fails the store when the function %s', async (_, start: () => Promise<unknown>) => {
    const run = createRun({ start, resume: () => NEVER as Wire<string> })
    const store = runStore(run, { id: 'chat' })
    listen(store)
    store.start()
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({
      connection: 'failed',
      error: { message: 'The start function threw: no prompt' },
    })
  })
})

it('ends with a failure that the provider reports, and does not attach', async () => {
  const failure = new CloseError('overloaded', { wasClean: true })
  const attached: unknown[] = []
  const run: Run<void, string> = createRun({
    start: (): Wire<string> => throwError(() => failure),
    resume: (point): Wire<string> => {
      attached.push(point)
      return NEVER
    },
  })
  const store = runStore(run, { id: 'chat' })
  const leave = listen(store)
  store.start()
  await net.advance(FRAME_MS)
  expect(store.getSnapshot().error).toBe(failure)
  leave()
  await net.advance(FRAME_MS)
  listen(store)
  await net.advance(60_000)
  expect(store.getSnapshot().error).toBe(failure)
  expect(attached).toEqual([])
})

/** A run whose connections all fail with an error, and how often it was attached to. */
function failingRun(error: WireError, reconnect?: ReconnectPolicy) {
  const { run, attached } = loggedRun(net)
  const resume: typeof run.resume = (point) => {
    attached.push(point)
    return throwError(() => error)
  }
  return { run: createRun({ ...run, resume, reconnect }), attached }
}

const gone = new CloseError('gone', { wasClean: false, retryable: true })

it.each<[string, WireError, ReconnectPolicy | undefined]>([
  ['a failure of the provider', new CloseError('overloaded', { wasClean: true }), undefined],
  ['maxRetries', gone, { maxRetries: 0 }],
  ['shouldRetry', gone, { shouldRetry: () => false }],
])('does not attach again because of %s', async (_, error, policy) => {
  const { run, attached } = failingRun(error, policy)
  const store = runStore(run, { id: 'chat' })
  const leave = listen(store)
  store.start('Why?')
  await net.advance(60_000)
  expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { message: error.message } })
  expect(attached).toHaveLength(1)
  leave()
  await net.advance(FRAME_MS)
  listen(store)
  await net.advance(60_000)
  expect(store.getSnapshot().error?.message).toBe(error.message)
  // An answer whose provider has failed is over.
  expect(attached.length > 1).toBe(policy !== undefined)
})

it('is final when the server refuses a start that streams, also for reconnect', async () => {
  const { run, posts, attached } = streamedRun(net, [])
  posts.answer(400)
  const store = runStore(run, { id: 'chat' })
  listen(store)
  store.start('Why?')
  await net.advance(60_000)
  store.reconnect()
  await net.advance(60_000)
  expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { status: 400 } })
  expect(posts.requests).toHaveLength(1)
  expect(attached).toEqual([])
})

it('throws a TypeError for an invalid run or option', () => {
  const resume = () => NEVER as Wire<string>
  expect(() => createRun({ resume } as never)).toThrow(new TypeError('start must be a function'))
  expect(() => createRun({ start: resume } as never)).toThrow(new TypeError('resume must be a function'))
  expect(() => createRun({ start: resume, resume, stop: true } as never)).toThrow(/^stop must be/)
  expect(() => createRun({ start: resume, resume, runIdOf: 'id' } as never)).toThrow(/^runIdOf must be/)
  const run = createRun({ start: resume, resume })
  expect(() => runStore(run, { id: '' })).toThrow(/^id must be/)
  expect(() => runStore(run, { id: 'a', keep: 0 })).toThrow(/^keep must be/)
  expect(() => runStore(run, { id: 'a', publishEveryMs: -1 })).toThrow(/^publishEveryMs must be/)
})
