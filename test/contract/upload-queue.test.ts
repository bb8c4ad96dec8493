import { createUploadQueue, HttpError, tus, type UploadItem, type UploadQueue, type UploadQueueOptions } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { seededBytes } from '../server/random.ts'
import { digestOf, KIB, MIB, seededFile, sentTo, tusCase, type UploadCase } from './uploads.ts'

const chunkBytes = 128 * KIB

/** Creates a queue that is paused when the test ends. */
function queueAt(url: string, each: UploadCase, options: Partial<UploadQueueOptions> = {}): UploadQueue {
  const queue = createUploadQueue(url, { protocol: each.protocol(), reconnect: quick, ...options })
  onTestFinished(() => {
    queue.pause()
  })
  return queue
}

/** Creates a queue whose uploads reach the server but never get a response. */
function heldQueue(server: Backend, options: Partial<UploadQueueOptions> = {}): UploadQueue {
  return queueAt(server.url(tusCase.path, { hold: 1 }), tusCase, options)
}

/** Creates a queue behind a slow proxy, so that a test can act during an upload. */
async function slowQueue(server: Backend, options: Partial<UploadQueueOptions> = {}, query = {}) {
  const proxy = await server.proxy()
  await proxy.order({ bytesPerSecond: 2 * MIB })
  return { proxy, queue: queueAt(proxy.url(tusCase.path, query), tusCase, { chunkBytes, ...options }) }
}

function files(count: number, sizeBytes = KIB): File[] {
  return Array.from({ length: count }, () => seededFile(sizeBytes))
}

function statuses(queue: UploadQueue): string {
  return queue
    .getSnapshot()
    .map(({ status }) => status)
    .join(' ')
}

function confirmed(queue: UploadQueue): number {
  return queue.getSnapshot()[0]?.progress?.acknowledged ?? 0
}

async function expectStatuses(queue: UploadQueue, expected: string): Promise<void> {
  await expect.poll(() => statuses(queue)).toBe(expected)
}

describe('createUploadQueue', () => {
  it('uploads all files, at most `concurrency` at a time', async () => {
    const server = backend()
    const queue = queueAt(server.url(tusCase.path), tusCase, { concurrency: 2 })
    const chosen = files(6, 300_000)
    queue.start(chosen)
    await expectStatuses(queue, 'done done done done done done')
    expect((await server.stats()).peak).toBeLessThanOrEqual(2)
    for (const [at, { file, data, connection, progress }] of queue.getSnapshot().entries()) {
      expect(file).toBe(chosen[at])
      expect(connection).toBe('closed')
      expect(progress).toMatchObject({ loaded: 300_000, fraction: 1 })
      expect((await digestOf(server, tusCase, data?.uploadUrl ?? '')).sizeBytes).toBe(300_000)
    }
  })

  it('uploads three files at a time by default', async () => {
    const queue = heldQueue(backend())
    queue.start(files(5))
    await expectStatuses(queue, 'running running running queued queued')
  })

  it('uploads a file again right after its cancellation, unaffected by the pending DELETE', async () => {
    const server = backend()
    const { queue } = await slowQueue(server, {}, { refuse: 503, on: 'DELETE', times: 1 })
    const file = seededFile(MIB)
    const [first = ''] = queue.start(file)
    await expect.poll(() => confirmed(queue)).toBeGreaterThan(0)
    queue.cancel(first)
    queue.start(file)
    await expectStatuses(queue, 'cancelled done')
    await expect.poll(async () => (await sentTo(server)).filter((sent) => sent.startsWith('DELETE'))).toHaveLength(2)
    const { data } = queue.getSnapshot()[1] as UploadItem
    expect((await digestOf(server, tusCase, data?.uploadUrl ?? '')).sizeBytes).toBe(MIB)
  })

  it('keeps two uploads of the same file separate across a pause', async () => {
    const server = backend()
    const { queue } = await slowQueue(server)
    const file = seededFile(MIB)
    queue.start([file, file])
    await expect
      .poll(() => queue.getSnapshot().filter(({ progress }) => (progress?.acknowledged ?? 0) > 0).length)
      .toBe(2)
    queue.pause()
    queue.resume()
    await expectStatuses(queue, 'done done')
    const places = queue.getSnapshot().map(({ data }) => data?.uploadUrl ?? '')
    expect(new Set(places).size).toBe(2)
    for (const place of places) expect((await digestOf(server, tusCase, place)).sizeBytes).toBe(MIB)
  })

  it('does not affect an upload when another upload of the same file is cancelled', async () => {
    const server = backend()
    const { queue } = await slowQueue(server, { concurrency: 1 })
    const file = seededFile(MIB)
    const [, waiting = ''] = queue.start([file, file])
    await expect.poll(() => confirmed(queue)).toBeGreaterThan(0)
    queue.cancel(waiting)
    await expectStatuses(queue, 'done cancelled')
    expect((await sentTo(server)).some((sent) => sent.startsWith('DELETE'))).toBe(false)
  })

  it('cancels an upload from within the fingerprint function', async () => {
    const server = backend()
    const queue: UploadQueue = queueAt(server.url(tusCase.path), tusCase, {
      fingerprint: ({ size }) => {
        queue.cancel()
        return String(size)
      },
    })
    queue.start(seededFile(KIB))
    await expectStatuses(queue, 'cancelled')
    expect(await sentTo(server)).toEqual([])
  })

  it('throws on an upload URL for all files and on missing options', () => {
    expect(() => createUploadQueue('/files', { protocol: tus({ uploadUrl: '/files/1' }) })).toThrow(/uploadUrl/)
    expect(() => createUploadQueue('/files', undefined as never)).toThrow(/protocol/)
  })

  it('shows no rate and no stall for a paused upload', async () => {
    const { queue } = await slowQueue(backend())
    queue.start(seededFile(MIB))
    await expect.poll(() => confirmed(queue)).toBeGreaterThan(0)
    queue.pause()
    await expectStatuses(queue, 'paused')
    expect(queue.getSnapshot()[0]?.progress).toMatchObject({
      bytesPerSecond: undefined,
      etaMs: undefined,
      stalled: false,
    })
  })

  it('sends nothing without files', async () => {
    const server = backend()
    const queue = heldQueue(server)
    expect(queue.getSnapshot()).toEqual([])
    queue.start([])
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(queue.getSnapshot()).toEqual([])
    expect(await sentTo(server)).toEqual([])
  })

  it('accepts single files and collections and starts them in order', async () => {
    const started: Blob[] = []
    const fingerprint = (file: Blob) => {
      started.push(file)
      return undefined
    }
    const queue = queueAt(backend().url(tusCase.path), tusCase, { concurrency: 2, fingerprint })
    const [first, second, third, fourth] = files(4) as [File, File, File, File]
    const ids = [...queue.start(new Set([first, second])), ...queue.start(third), ...queue.start([fourth])]
    await expectStatuses(queue, 'done done done done')
    expect(queue.getSnapshot().map(({ id }) => id)).toEqual(ids)
    expect([...new Set(started)]).toEqual([first, second, third, fourth])
  })

  it('pauses an upload, starts the next one, and resumes the first when a slot is free', async () => {
    const queue = heldQueue(backend(), { concurrency: 1 })
    const [one, other] = queue.start(files(2)) as [string, string]
    await expectStatuses(queue, 'running queued')
    expect(queue.pause(one)).toEqual([one])
    await expectStatuses(queue, 'paused running')
    queue.resume(one)
    await expectStatuses(queue, 'queued running')
    queue.pause(other)
    await expectStatuses(queue, 'running paused')
  })

  it('pauses all uploads without starting a queued one', async () => {
    const server = backend()
    const started = new Set<Blob>()
    const fingerprint = (file: Blob) => {
      started.add(file)
      return undefined
    }
    const queue = heldQueue(server, { concurrency: 1, fingerprint })
    const ids = queue.start(files(3))
    await expect.poll(async () => (await sentTo(server)).length).toBe(2)
    expect(queue.pause().toSorted()).toEqual(ids.toSorted())
    await expectStatuses(queue, 'paused paused paused')
    await server.expectNoConnections()
    expect(await sentTo(server)).toHaveLength(2)
    expect(started.size).toBe(1)
    expect(queue.pause()).toEqual([])
    queue.resume()
    await expectStatuses(queue, 'running queued queued')
  })

  it('resumes from the offset of the server, and its progress never decreases', async () => {
    const server = backend()
    const { proxy, queue } = await slowQueue(server)
    const file = seededFile(2 * MIB)
    const loaded: number[] = []
    queue.subscribe(() => loaded.push(queue.getSnapshot()[0]?.progress?.loaded ?? 0))
    queue.start(file)
    await expect.poll(() => confirmed(queue)).toBeGreaterThanOrEqual(512 * KIB)
    queue.pause()
    await expectStatuses(queue, 'paused')
    const before = confirmed(queue)
    await proxy.order({ bytesPerSecond: null })
    const { askedBytes } = await proxy.order({})
    queue.resume()
    await expectStatuses(queue, 'done')
    expect((await proxy.order({})).askedBytes - askedBytes).toBeLessThan(2 * MIB - before + 128 * KIB)
    expect(loaded).toEqual(loaded.toSorted((one, other) => one - other))
    expect(loaded.at(-1)).toBe(file.size)
  })

  it.each([
    ['a Blob', {}],
    ['a Blob without storage', { storage: false as const }],
  ])('resumes %s after a pause', async (_, options) => {
    const server = backend()
    const { proxy, queue } = await slowQueue(server, options)
    queue.start(new Blob([seededBytes(2 * MIB)]))
    await expect.poll(() => confirmed(queue)).toBeGreaterThanOrEqual(512 * KIB)
    queue.pause()
    await proxy.order({ bytesPerSecond: null })
    queue.resume()
    await expectStatuses(queue, 'done')
    const created = (await sentTo(server)).filter((sent) => sent.startsWith('POST'))
    expect(created).toHaveLength(1)
  })

  it('cancels an upload, deletes it on the server and starts the next one', async () => {
    const server = backend()
    const { proxy, queue } = await slowQueue(server, { concurrency: 1 })
    const [one, other] = queue.start(files(2, 2 * MIB)) as [string, string]
    await expect.poll(() => confirmed(queue)).toBeGreaterThan(0)
    queue.cancel(one)
    await expectStatuses(queue, 'cancelled running')
    await proxy.order({ bytesPerSecond: null })
    await expect.poll(() => sentTo(server)).toContain('DELETE 0 bytes')
    await expectStatuses(queue, 'cancelled done')
    queue.resume(one)
    queue.pause(other)
    queue.cancel(other)
    await expectStatuses(queue, 'cancelled done')
  })

  it('cancels all uploads without starting a queued one', async () => {
    const server = backend()
    const queue = heldQueue(server, { concurrency: 1 })
    queue.start(files(3))
    await expect.poll(async () => (await sentTo(server)).length).toBe(2)
    queue.cancel()
    await expectStatuses(queue, 'cancelled cancelled cancelled')
    await server.expectNoConnections()
    expect((await sentTo(server)).filter((sent) => sent.startsWith('POST'))).toHaveLength(1)
  })

  it('shows the error of a failed upload and resumes it on request', async () => {
    const server = backend()
    const queue = queueAt(server.url(tusCase.path, { refuse: 403, on: 'PATCH', times: 1 }), tusCase)
    queue.start(seededFile(KIB))
    await expectStatuses(queue, 'failed')
    const [failed] = queue.getSnapshot() as [UploadItem]
    expect(failed.error).toBeInstanceOf(HttpError)
    expect(failed).toMatchObject({ connection: 'failed', error: { status: 403, bodyText: 'not today' } })
    queue.resume()
    await expectStatuses(queue, 'done')
    expect(queue.getSnapshot()[0]?.error).toBeUndefined()
    expect((await sentTo(server)).filter((sent) => sent.startsWith('POST'))).toHaveLength(1)
  })

  it('shows the name of a file, and that its upload waits while the server is unavailable', async () => {
    const server = backend()
    const url = () => server.url('/http/status', { status: 503 })
    const queue = queueAt(url(), tusCase, {
      reconnect: { ...quick, backoff: () => ({ floorMs: 600_000, spanMs: 1_000 }) },
    })
    queue.start([seededFile(KIB), new Blob(['a'])])
    await expectStatuses(queue, 'waiting waiting')
    const [file, blob] = queue.getSnapshot()
    expect(file).toMatchObject({ name: file?.file instanceof File && file.file.name, error: { kind: 'http' } })
    expect(file?.retryAt).toBeGreaterThan(Date.now())
    expect(blob?.name).toBe(undefined)
    queue.pause()
    await expectStatuses(queue, 'paused paused')
  })

  it('starts the next upload after one has failed', async () => {
    const server = backend()
    const queue = queueAt(server.url(tusCase.path, { refuse: 403, on: 'POST', times: 1 }), tusCase, { concurrency: 1 })
    queue.start(files(2))
    await expectStatuses(queue, 'failed done')
  })

  it('removes only ended uploads from its list', async () => {
    const server = backend()
    const queue = heldQueue(server, { concurrency: 2 })
    const ids = queue.start(files(4)) as [string, string, string, string]
    queue.cancel(ids[0])
    queue.cancel(ids[3])
    await expectStatuses(queue, 'cancelled running running cancelled')
    queue.remove(ids[1])
    await expectStatuses(queue, 'cancelled running running cancelled')
    queue.remove(ids[0])
    await expectStatuses(queue, 'running running cancelled')
    queue.remove()
    await expectStatuses(queue, 'running running')
  })

  it('keeps the identity of the list, and of each item, until it changes', async () => {
    const server = backend()
    const queue = heldQueue(server, { concurrency: 1 })
    const [one] = queue.start(files(2)) as [string]
    await expect.poll(async () => (await sentTo(server)).length).toBe(2)
    await expect.poll(() => queue.getSnapshot()[0]?.progress?.loaded).toBeDefined()
    const [, waiting] = queue.getSnapshot()
    expect(queue.getSnapshot()).toBe(queue.getSnapshot())
    let told = 0
    const leave = queue.subscribe(() => {
      told += 1
    })
    queue.cancel(one)
    await expectStatuses(queue, 'cancelled running')
    expect(told).toBeGreaterThan(0)
    leave()
    const [first, second] = queue.getSnapshot()
    expect(second).not.toBe(waiting)
    const seen = told
    queue.pause()
    await expectStatuses(queue, 'cancelled paused')
    expect(queue.getSnapshot()[0]).toBe(first)
    expect(told).toBe(seen)
  })

  it('throws on invalid options and files', () => {
    const protocol = tusCase.protocol()
    expect(() => createUploadQueue('/files', { protocol, concurrency: 0 })).toThrow(TypeError)
    expect(() => createUploadQueue('/files', { protocol, chunkBytes: -1 })).toThrow('chunkBytes')
    expect(() => createUploadQueue('/files', {} as UploadQueueOptions)).toThrow('protocol must be an UploadProtocol')
    const queue = createUploadQueue('/files', { protocol })
    expect(() => queue.start(['a name'] as never)).toThrow('file must be a File or a Blob')
    expect(queue.getSnapshot()).toEqual([])
  })
})
