import { createRun, type KeyValueStorage, runStore } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { memoryStorage } from '../../../src/platform/storage.ts'
import { END, loggedRun, streamedRun } from '../support/runs.ts'
import { FRAME_MS, storesForEachTest } from '../support/stores.ts'

const { net, listen } = storesForEachTest({ page: false })

const KEY = 'rxwire-run:chat'

/** Returns the run as another page knows it: only the storage is the same. */
const reloaded: typeof createRun = (run) => createRun({ ...run })

describe('runStore: persist', () => {
  it('attaches after a reload where the saved data ends, and does not start again', async () => {
    const persist = memoryStorage()
    const { run, posts, log, attached } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    const leave = listen(store)
    store.start('Why?')
    log.send('a')
    log.send('b')
    await net.advance(FRAME_MS)
    // The page is gone without notice: nothing is saved when it ends.
    const saved = persist.getItem(KEY) ?? ''
    await net.advance(1_100)
    expect(persist.getItem(KEY)).not.toBe(saved)
    log.send('c')
    const next = runStore(reloaded(run), { id: 'chat', keep: 10, persist })
    expect(next.getServerSnapshot()).toMatchObject({ data: [] })
    expect(next.getSnapshot()).toMatchObject({ connection: 'idle', data: ['a', 'b'] })
    listen(next)
    await net.advance(FRAME_MS)
    expect(next.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b', 'c'] })
    expect(posts.requests).toHaveLength(1)
    expect(attached.map(({ resumeFrom }) => resumeFrom)).toEqual([undefined, '2'])
    expect(new Set(attached.map(({ runId }) => runId)).size).toBe(1)
    leave()
    await next.stop()
  })

  it('attaches after a reload that follows the start at once', async () => {
    const persist = memoryStorage()
    const { run, posts, log } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    const leave = listen(store)
    store.start('Why?')
    const item = persist.getItem(KEY) ?? ''
    expect(JSON.parse(item)).toEqual({ isRunning: true, runId: expect.any(String) })
    await net.advance(FRAME_MS)
    leave()
    persist.setItem(KEY, item)
    log.send('a')
    const next = runStore(reloaded(run), { id: 'chat', keep: 10, persist })
    listen(next)
    await net.advance(FRAME_MS)
    expect(next.getSnapshot().data).toEqual(['a'])
    expect(posts.requests).toHaveLength(1)
    await next.stop()
  })

  it.each([
    ['the last message', 'id: 1\ndata: a', { data: ['a'], cursor: '1' }],
    ['a record that is no message', 'id: priming', { data: [], cursor: 'priming' }],
  ])('saves the place after %s when the last listener leaves', async (_, event, kept) => {
    const persist = memoryStorage()
    const { run } = streamedRun(net, [event, 'hold'])
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    const leave = listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    leave()
    expect(JSON.parse(persist.getItem(KEY) ?? '')).toEqual({ isRunning: true, runId: expect.any(String), ...kept })
    await store.stop()
  })

  it('keeps no data of a running answer without ids, which is replayed', async () => {
    const persist = memoryStorage()
    const { run } = streamedRun(net, ['data: a', 'hold'], ['data: a', 'data: b', `data: ${END}`])
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    const leave = listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    leave()
    expect(JSON.parse(persist.getItem(KEY) ?? '')).toEqual({ isRunning: true, runId: expect.any(String) })
    await net.advance(FRAME_MS)
    const next = runStore(reloaded(run), { id: 'chat', keep: 10, persist })
    listen(next)
    await net.advance(FRAME_MS)
    expect(next.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a', 'b'] })
  })

  it.each([
    ['complete', (log: { send: (text: string) => unknown }) => log.send(END)],
    ['stopped', (_: unknown, stop: () => Promise<void>) => void stop()],
  ])('shows an answer that was %s, and does not attach', async (_, end) => {
    const persist = memoryStorage()
    const { run, log, attached } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    const leave = listen(store)
    store.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    end(log, () => store.stop())
    await net.advance(FRAME_MS)
    leave()
    const next = runStore(reloaded(run), { id: 'chat', keep: 10, persist })
    listen(next)
    await net.advance(1_000)
    expect(next.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a'] })
    expect(attached).toHaveLength(1)
  })

  it('forgets an answer that has failed', async () => {
    const persist = memoryStorage()
    const { run, posts } = loggedRun(net)
    posts.answer(400)
    const store = runStore(run, { id: 'chat', persist })
    listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().connection).toBe('failed')
    expect(persist.getItem(KEY)).toBeNull()
  })

  it.each(['null', '{', '3', '{}', '{"isRunning":1,"runId":"r"}', '{"isRunning":true,"runId":3}'])(
    'ignores a saved item that does not parse: %s',
    async (item) => {
      const persist = memoryStorage()
      persist.setItem(KEY, item)
      const { run, attached } = loggedRun(net)
      const store = runStore(run, { id: 'chat', keep: 10, persist })
      listen(store)
      await net.advance(FRAME_MS)
      expect(store.getSnapshot()).toMatchObject({ connection: 'idle', data: [] })
      expect(attached).toEqual([])
    },
  )

  it.each([
    ['a cursor that no header can carry', { data: ['a'], cursor: 'a\nb' }],
    ['a cursor that is no text', { data: ['a'], cursor: 3 }],
    ['a cursor without data', { cursor: '1' }],
    ['data without a cursor', { data: ['a'] }],
    ['data of another shape', { data: { a: 1 }, cursor: '1' }],
  ])('asks for the whole answer if it has saved %s', async (_, kept) => {
    const persist = memoryStorage()
    persist.setItem(KEY, JSON.stringify({ isRunning: true, runId: 'r', ...kept }))
    const { run, log, attached } = loggedRun(net)
    log.send('a')
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().data).toEqual(['a'])
    expect(attached).toEqual([{ id: 'chat', runId: 'r', resumeFrom: undefined }])
    await store.stop()
  })

  it('asks for the whole answer if its data did not fit into the storage', async () => {
    const persist = memoryStorage()
    const small: KeyValueStorage = {
      ...persist,
      setItem: (key, value) => {
        if (value.length > 100) throw new Error('QuotaExceededError')
        persist.setItem(key, value)
      },
    }
    const { run, log, attached } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10, persist: small })
    const leave = listen(store)
    store.start('Why?')
    log.send('x'.repeat(200))
    await net.advance(FRAME_MS)
    leave()
    expect(JSON.parse(persist.getItem(KEY) ?? '')).toEqual({ isRunning: true, runId: attached[0]?.runId })
    await net.advance(FRAME_MS)
    await store.stop()
  })

  it.each(['session', 'local'] as const)('works on a host without the storage %s', async (persist) => {
    const { run, log } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10, persist })
    listen(store)
    store.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().data).toEqual(['a'])
    await store.stop()
  })
})

describe('runStore: attach', () => {
  it('attaches to an answer that the page has not started, by the id', async () => {
    const { run, log, attached, posts } = loggedRun(net)
    log.send('a')
    const store = runStore(run, { id: 'chat', keep: 10, attach: true })
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot().data).toEqual(['a'])
    expect(attached).toEqual([{ id: 'chat', runId: 'chat', resumeFrom: undefined }])
    expect(posts.requests).toEqual([])
    await store.stop()
  })

  it('is closed when the server runs none', async () => {
    const { run, log } = loggedRun(net)
    log.end()
    const store = runStore(run, { id: 'chat', keep: 10, attach: true })
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: [] })
  })
})
