import { concat, of, throwError } from 'rxjs'
import { createRun, runStore, type Wire, WireError } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { END, loggedRun, streamedRun } from '../support/runs.ts'
import { FRAME_MS, storesForEachTest } from '../support/stores.ts'

const { net, listen } = storesForEachTest({ page: false })

describe('a run that is started by a promise', () => {
  it('sends nothing before start, then one request, and delivers the answer from its first message', async () => {
    const { run, posts, log, attached } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    await net.advance(1_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'idle', data: [] })
    store.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a'] })
    log.send(END)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a'], close: { wasClean: true } })
    expect(posts.requests).toMatchObject([{ body: '{"prompt":"Why?"}' }])
    expect(attached).toEqual([{ id: 'chat', runId: expect.stringMatching(/^\w{28}$/), resumeFrom: undefined }])
  })

  it('detaches with its last listener, and attaches after the last message with the next one', async () => {
    const { run, posts, log, attached } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10 })
    const leave = listen(store)
    store.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    leave()
    await net.advance(FRAME_MS)
    expect(net.open).toBe(0)
    log.send('b')
    listen(store)
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b'] })
    expect(posts.requests).toHaveLength(1)
    expect(attached.map(({ resumeFrom }) => resumeFrom)).toEqual([undefined, '1'])
    store.stop()
  })

  it('attaches for another store of the same id, which has the data', async () => {
    const { run, posts, log } = loggedRun(net)
    const first = runStore(run, { id: 'chat', keep: 10 })
    const leave = listen(first)
    first.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    leave()
    await net.advance(FRAME_MS)
    log.send('b')
    const second = runStore(run, { id: 'chat', keep: 10 })
    listen(second)
    await net.advance(FRAME_MS)
    expect(second.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b'] })
    expect(posts.requests).toHaveLength(1)
    expect(runStore(run, { id: 'other', keep: 10 }).getSnapshot()).toMatchObject({ connection: 'idle', data: [] })
    await second.stop()
  })

  it('stops on the server, and does not attach until the next start', async () => {
    const { run, posts, stops, log, attached } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10 })
    const leave = listen(store)
    store.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    const stopped = store.stop()
    await net.advance(FRAME_MS)
    await stopped
    expect(net.open).toBe(0)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a'], close: { reason: 'stopped' } })
    expect(stops.requests.map(({ url }) => url)).toEqual([`/answers/${attached[0]?.runId}`])
    leave()
    await net.advance(FRAME_MS)
    listen(store)
    store.reconnect()
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a'] })
    expect(attached).toHaveLength(1)
    store.start('Really?')
    await net.advance(FRAME_MS)
    expect(posts.requests).toHaveLength(2)
    expect(attached).toHaveLength(2)
    expect(new Set(attached.map(({ runId }) => runId)).size).toBe(2)
    await store.stop()
  })

  it('asks the server to stop only an answer that was sent and is running', async () => {
    const { run, posts, stops, log } = loggedRun(net)
    const store = runStore(run, { id: 'chat' })
    await store.stop()
    store.start('Why?')
    await store.stop()
    listen(store)
    await net.advance(FRAME_MS)
    expect(posts.requests).toEqual([])
    store.start('Why?')
    log.send(END)
    await net.advance(FRAME_MS)
    await store.stop()
    expect(store.getSnapshot().connection).toBe('closed')
    expect(stops.requests).toEqual([])
  })

  it('starts over with the data of the next answer, and leaves the previous one', async () => {
    const { run, posts, stops, log } = loggedRun(net)
    const store = runStore(run, { id: 'chat', keep: 10, lingerMs: 10_000 })
    listen(store)
    store.start('Why?')
    log.send('a')
    await net.advance(FRAME_MS)
    store.start('How?')
    expect(store.getSnapshot().data).toEqual([])
    await net.advance(FRAME_MS)
    expect(net.open).toBe(1)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a'] })
    expect(posts.requests).toHaveLength(2)
    expect(stops.requests).toEqual([])
    await store.stop()
  })

  it('attaches once a start is accepted that was pending when its listener left', async () => {
    const { run, posts, log, attached } = loggedRun(net, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      return new Response(null, { status: 202 })
    })
    const store = runStore(run, { id: 'chat', keep: 10 })
    const leave = listen(store)
    store.start('Why?')
    log.send('a')
    await net.advance(100)
    leave()
    await net.advance(100)
    listen(store)
    await net.advance(100)
    expect(attached).toEqual([])
    await net.advance(1_000)
    expect(store.getSnapshot().data).toEqual(['a'])
    expect(posts.requests).toHaveLength(1)
    expect(attached).toHaveLength(1)
    await store.stop()
  })

  it('uses the name of the answer that the promise resolves with', async () => {
    const { log, run } = loggedRun(net)
    const ids: string[] = []
    const named = createRun({
      ...run,
      start: async () => 'named by the server',
      stop: async ({ runId }) => ids.push(runId),
      resume: (point) => {
        ids.push(point.runId)
        return run.resume(point)
      },
    })
    const store = runStore(named, { id: 'chat' })
    listen(store)
    store.start()
    log.send('a')
    await net.advance(FRAME_MS)
    await store.stop()
    expect(ids).toEqual(['named by the server', 'named by the server'])
  })

  it('stops an answer by the name that the server gives it after the call of stop', async () => {
    const { run } = loggedRun(net)
    let resolve = (_: string) => {}
    const promise = new Promise<string>((settle) => {
      resolve = settle
    })
    const stopped: string[] = []
    const named = createRun({ ...run, start: () => promise, stop: async ({ runId }) => stopped.push(runId) })
    const store = runStore(named, { id: 'chat' })
    listen(store)
    store.start()
    const stopping = store.stop()
    await net.advance(FRAME_MS)
    expect(stopped).toEqual([])
    resolve('named late')
    await stopping
    expect(stopped).toEqual(['named late'])
  })

  it('rejects stop with the failure of the server', async () => {
    const { run, stops } = loggedRun(net)
    const store = runStore(run, { id: 'chat' })
    listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    stops.answer(403)
    const stopped = expect(store.stop()).rejects.toMatchObject({ status: 403 })
    await net.advance(FRAME_MS)
    await stopped
    expect(store.getSnapshot().connection).toBe('closed')
  })
})

describe('a run that is started by a wire', () => {
  it('delivers the answer of the start, and attaches for the rest after a lost connection', async () => {
    const { run, posts, attached } = streamedRun(net, ['id: 1\ndata: a', 'cut'], ['id: 2\ndata: b', `data: ${END}`])
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'waiting', data: ['a'], error: { kind: 'network' } })
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a', 'b'] })
    expect(posts.requests).toHaveLength(1)
    expect(attached).toEqual(['1'])
  })

  it('attaches again each time that the connection is lost', async () => {
    const { run, posts, attached } = streamedRun(
      net,
      ['id: 1\ndata: a', 'cut'],
      ['id: 2\ndata: b', 'cut'],
      ['cut'],
      ['id: 3\ndata: c', `data: ${END}`],
    )
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    store.start('Why?')
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a', 'b', 'c'] })
    expect(posts.requests).toHaveLength(1)
    expect(attached).toEqual(['1', '2', '2'])
  })

  it('resumes after a record that is no message', async () => {
    const { run, attached } = streamedRun(net, ['id: priming', 'cut'], ['data: a', `data: ${END}`])
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    store.start('Why?')
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a'] })
    expect(attached).toEqual(['priming'])
  })

  it('attaches after the last message of a wire that is no transport', async () => {
    const { run, attached } = streamedRun(net, [], ['data: b', `data: ${END}`])
    const lost = new WireError('network', 'lost', { retryable: true })
    const start = (): Wire<string> =>
      concat(
        of({ type: 'message', data: 'a', id: '7' } as const),
        throwError(() => lost),
      )
    const store = runStore(createRun({ ...run, start }), { id: 'chat', keep: 10 })
    listen(store)
    store.start()
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a', 'b'] })
    expect(attached).toEqual(['7'])
  })

  it('starts over with continuity reset when the server replays an answer without ids', async () => {
    const { run, posts, attached } = streamedRun(
      net,
      ['data: a', 'data: b', 'cut'],
      ['data: a', 'data: b', 'data: c', `data: ${END}`],
    )
    const store = runStore(run, { id: 'chat', keep: 10 })
    const opens: unknown[] = []
    listen(store, () => {}, { onOpen: ({ continuity }) => opens.push(continuity) })
    store.start('Why?')
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a', 'b', 'c'] })
    expect(posts.requests).toHaveLength(1)
    expect(attached).toEqual([undefined])
    expect(opens).toEqual([undefined, 'reset'])
  })

  it('replays the answer when a listener comes back and there are no ids', async () => {
    const { run, posts } = streamedRun(net, ['data: a', 'hold'], ['data: a', 'data: b', 'hold'])
    const store = runStore(run, { id: 'chat', keep: 10 })
    const leave = listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    leave()
    await net.advance(FRAME_MS)
    listen(store)
    await net.advance(2 * FRAME_MS)
    expect(store.getSnapshot()).toMatchObject({ connection: 'open', data: ['a', 'b'] })
    expect(posts.requests).toHaveLength(1)
    await store.stop()
  })

  it('completes with the data so far when the server responds with 204, because it runs no answer', async () => {
    const { run } = streamedRun(net, ['data: a', 'cut'])
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    store.start('Why?')
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'closed', data: ['a'], close: { reason: 'No Content' } })
  })

  it('attaches once to an answer that ends too early, and fails if it brings nothing new', async () => {
    const { run, attached } = streamedRun(
      net,
      ['data: a', 'data: b'],
      ['data: a', 'data: b', 'data: c'],
      ['data: a', 'data: b'],
    )
    const store = runStore(run, { id: 'chat', keep: 10 })
    listen(store)
    store.start('Why?')
    await net.advance(60_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { kind: 'truncated' } })
    expect(attached).toHaveLength(2)
    store.reconnect()
    await net.advance(5_000)
    expect(store.getSnapshot()).toMatchObject({ connection: 'failed', error: { kind: 'truncated' } })
    expect(attached).toHaveLength(2)
  })

  it('names the answer as runIdOf says, for resume and stop', async () => {
    const { run } = streamedRun(net, ['data: resp_1', 'data: resp_2', 'hold'])
    const stopped: string[] = []
    const named = createRun({
      ...run,
      runIdOf: (text: string) => text,
      stop: ({ runId }) => {
        stopped.push(runId)
        return of(undefined)
      },
    })
    const store = runStore(named, { id: 'chat' })
    listen(store)
    store.start('Why?')
    await net.advance(FRAME_MS)
    await store.stop()
    expect(stopped).toEqual(['resp_1'])
  })
})
