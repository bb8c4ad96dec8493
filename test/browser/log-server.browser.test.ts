import { fromEventSource, nativeEngine } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'

/** Creates a log for one test. Its readers go through a proxy that cuts. */
async function newLog() {
  const server = backend()
  const proxy = await server.proxy()
  const path = `/log/${server.key}`
  const send = async (method: string, items: readonly number[]) => {
    const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(items) }
    expect((await fetch(server.url(path), init)).ok).toBe(true)
  }
  await send('PUT', [])
  return {
    url: proxy.url(path, { offset: '-1' }),
    append: (...items: number[]) => send('POST', items),
    end: () => fetch(server.url(path), { method: 'POST', headers: { 'stream-closed': 'true' } }),
    cut: () => proxy.order({ cut: true }),
  }
}

describe('a native EventSource on a log', () => {
  it('resumes after the last message, and ends with the log', async () => {
    const log = await newLog()
    await log.append(1, 2)
    const source = new EventSource(log.url)
    onTestFinished(() => source.close())
    const seen: number[] = []
    source.onmessage = ({ data }) => seen.push(Number(data))
    await expect.poll(() => seen).toEqual([1, 2])
    await log.cut()
    await log.append(3)
    await expect.poll(() => seen).toEqual([1, 2, 3])
    await log.end()
    await expect.poll(() => source.readyState).toBe(EventSource.CLOSED)
    expect(seen).toEqual([1, 2, 3])
  })

  it.each([
    ['fetch', undefined],
    ['native', nativeEngine()],
  ] as const)('is read by fromEventSource with the engine %s', async (_, engine) => {
    const log = await newLog()
    await log.append(1, 2)
    const session = record(fromEventSource(log.url, { engine, decode: Number, reconnect: quick }))
    await session.until('message', 2)
    await log.cut()
    await log.append(3)
    await session.until('message', 3)
    expect(session.data()).toEqual([1, 2, 3])
  })
})
