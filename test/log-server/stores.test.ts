import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { logsOf, memoryLogs, type ReadResult, StoreError, serveLog, sqliteLogs } from 'rxwire/server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { storeKinds } from './stores.ts'
import { temporaryFile } from './temporary-file.ts'

const LIMIT = { items: 100, bytes: 1_000_000 }

describe.each(storeKinds)('a store in $name', ({ open, skipped }) => {
  it.skipIf(skipped)('keeps the newest items, and reports the others as gone', async () => {
    const store = await open(3)
    const log = logsOf(store).open<number>('log')
    const one = await log.append([1])
    await log.append([2, 3, 4, 5])
    expect((await store.read('log', one, LIMIT)).type).toBe('gone')
    const page = await store.read('log', '-1', LIMIT)
    expect(page).toMatchObject({ type: 'page', after: one.replace(/1$/, '2') })
    expect(itemsOf(page)).toEqual(['3', '4', '5'])
  })

  it.skipIf(skipped)('returns a page of at most so many items or bytes, and at least one item', async () => {
    const store = await open(100)
    await logsOf(store)
      .open<string>('log')
      .append(['a'.repeat(50), 'b'.repeat(50), 'c'.repeat(50)])
    const sizes = await Promise.all(
      [
        { items: 1, bytes: 1_000 },
        { items: 9, bytes: 1 },
        { items: 9, bytes: 110 },
        { items: 9, bytes: 1_000 },
      ].map(async (limit) => itemsOf(await store.read('log', '-1', limit)).length),
    )
    expect(sizes).toEqual([1, 1, 2, 3])
  })

  it.skipIf(skipped)('recognizes repetitions, fenced producers and missing appends', async () => {
    const store = await open(100)
    await store.create('log', { contentType: 'application/json' })
    const append = async (epoch: number, seq: number, id = 'a') =>
      (await store.append('log', [new Uint8Array([49])], { producer: { id, epoch, seq } })).type
    const types = []
    for (const [epoch, seq] of [
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 3],
      [1, 1],
      [1, 0],
      [0, 2],
      [1, 0],
    ] as const) {
      types.push(await append(epoch, seq))
    }
    expect(types).toEqual(['appended', 'duplicate', 'appended', 'gap', 'gap', 'appended', 'fenced', 'duplicate'])
    expect(await append(0, 0, 'b')).toBe('appended')
    expect(itemsOf(await store.read('log', '-1', LIMIT))).toHaveLength(4)
  })

  it.skipIf(skipped)('makes offsets that are gone once the log is deleted and made again', async () => {
    const store = await open(100)
    const log = logsOf(store).open<number>('log')
    const before = await log.append([1])
    expect(await log.delete()).toBe(true)
    expect(await log.delete()).toBe(false)
    const after = await log.append([2, 3])
    expect(after > before).toBe(true)
    expect((await store.read('log', before, LIMIT)).type).toBe('gone')
  })

  it.skipIf(skipped)('wakes a reader when something is appended, and keeps nothing of it', async () => {
    const store = await open(100)
    const log = logsOf(store).open<number>('log')
    const offset = await log.append([1])
    const changed = store.changed('log', offset, new AbortController().signal)
    await expect.poll(() => store.bell.names).toEqual(['log'])
    await log.append([2])
    await changed
    const left = new AbortController()
    const waiting = store.changed('log', (await store.head('log'))?.offset ?? '', left.signal)
    left.abort()
    await waiting
    await expect.poll(() => store.bell.names).toEqual([])
  })

  it.skipIf(skipped)('closes a log for good, and keeps names and bytes as they are', async () => {
    const store = await open(100)
    const name = 'a/{b}%:ü'
    const log = logsOf(store).open<Uint8Array>(name, { contentType: 'application/octet-stream' })
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
    await log.append([bytes])
    await log.close()
    await log.close()
    await expect(log.append([bytes])).rejects.toMatchObject({ name: 'LogError', reason: 'closed' })
    const page = await store.read(name, '-1', LIMIT)
    expect(page.type === 'page' && new Uint8Array(page.items[0] ?? [])).toEqual(bytes)
  })
})

function itemsOf(page: ReadResult): string[] {
  return (page.type === 'page' ? page.items : []).map((item) => new TextDecoder().decode(item))
}

it.each([
  ['a file that is no database', (file: string) => writeFileSync(file, 'hello '.repeat(1_000))],
  [
    'a file with a damaged page',
    async (file: string) => {
      const logs = sqliteLogs(file)
      await logs.open<string>('log').append(Array.from({ length: 500 }, () => 'x'.repeat(100)))
      await logs.close()
      const { readFileSync } = await import('node:fs')
      writeFileSync(file, readFileSync(file).fill(7, 8_192, 40_960))
    },
  ],
])('SQLite refuses %s at the start, and names it', async (_, damage) => {
  const file = temporaryFile('feed.db')
  await damage(file)
  expect(() => sqliteLogs(file)).toThrow(StoreError)
  expect(() => sqliteLogs(file)).toThrow(`cannot open ${file}`)
})

it('SQLite keeps what was acknowledged when its process is killed', async () => {
  const file = temporaryFile('feed.db')
  const index = new URL('../../adapters/server/index.ts', import.meta.url)
  const script = `
    const { sqliteLogs } = await import(${JSON.stringify(index.href)})
    const log = sqliteLogs(process.argv[1]).open('log')
    for (let n = 1; ; n += 1) { await log.append([n]); process.stdout.write(n + '\\n') }
  `
  const child = execFile(process.execPath, ['--input-type=module', '-e', script, file])
  let acknowledged = 0
  child.stdout?.on('data', (text: string) => {
    acknowledged = Number(text.trim().split('\n').at(-1))
    if (acknowledged > 50) child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.once('close', resolve))
  const head = await sqliteLogs(file).store.head('log')
  expect(acknowledged).toBeGreaterThan(50)
  expect(Number(head?.offset.split('_')[1])).toBeGreaterThanOrEqual(acknowledged)
})

it('SQLite notices what another process has appended', async () => {
  const file = temporaryFile('feed.db')
  const [mine, other] = [sqliteLogs(file), sqliteLogs(file)]
  const offset = await mine.open<number>('log').append([1])
  const changed = mine.store.changed('log', offset, new AbortController().signal)
  await other.open<number>('log').append([2])
  await changed
  expect((await mine.store.head('log'))?.offset).not.toBe(offset)
})

it.each([{ maxBytes: 10 }, { maxAgeMs: 30_000 }])('memory and SQLite drop items by %j', async (retention) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  for (const logs of [memoryLogs(retention), sqliteLogs(temporaryFile('feed.db'), retention)]) {
    const log = logs.open<string>('log')
    await log.append(['12345', '67890'])
    vi.setSystemTime(Date.now() + 60_000)
    await log.append(['abc'])
    expect(itemsOf(await logs.store.read('log', '-1', LIMIT))).toEqual(['"abc"'])
  }
})

it('a log that was wiped answers 410 and never skips', async () => {
  const before = await memoryLogs().open<number>('log').append([1, 2])
  const log = memoryLogs().open<number>('log')
  await log.append([3, 4, 5])
  const response = await serveLog(log)(new Request(`http://server/?offset=${before}`))
  expect(response.status).toBe(410)
})
