import { connect } from 'node:net'
import { logsOf, memoryLogs, serveLog, serveSocket, toNode } from 'rxwire/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { RedisStore } from '../../adapters/server/redis-logs.ts'
import { listen } from './listen.ts'
import { storeKinds } from './stores.ts'

const modes = [
  ['Server-Sent Events', '', { accept: 'text/event-stream' }],
  ['NDJSON', '', { accept: 'application/x-ndjson' }],
  ['live=sse', '?offset=now&live=sse', {}],
  ['live=long-poll', '?offset=now&live=long-poll', {}],
] as const

/** Timers of this process that keep it alive, or that would fire later. */
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

describe.each(storeKinds)('a client of a store in $name', ({ open, skipped }) => {
  it.skipIf(skipped)('leaves nothing when it leaves while it waits, in any transport', async () => {
    const store = await open(10_000)
    const log = logsOf(store).open<string>('log')
    await log.append(['a'])
    const listening = await listen(toNode(serveLog(log)))
    const sockets = new WebSocketServer({ server: listening.server })
    sockets.on('connection', (socket, request) => serveSocket(log, socket, { request }))
    const before = timers()
    const leave = new AbortController()
    const polls = modes.map(([, query, headers]) =>
      fetch(`${listening.url}/${query}`, { headers, signal: leave.signal }),
    )
    const socket = new WebSocket(`${listening.url.replace('http', 'ws')}/?offset=now`)
    await new Promise((resolve) => socket.once('message', resolve))
    await Promise.all(polls.slice(0, 3))
    await expect.poll(() => store.bell.names).toEqual(['log'])
    leave.abort()
    socket.terminate()
    await Promise.allSettled(polls)
    await expect.poll(() => store.bell.names).toEqual([])
    if (store instanceof RedisStore) await expect.poll(() => store.doorbell.size).toBe(0)
    // `expect.poll` has a timer of its own.
    while (timers() > before) await new Promise((resolve) => setTimeout(resolve, 20))
  })

  it.skipIf(skipped)('leaves nothing when it leaves while a large page is sent, or before the response', async () => {
    const store = await open(10_000)
    const log = logsOf(store).open<string>('log')
    await log.append(Array.from({ length: 200 }, () => 'x'.repeat(50_000)))
    const { url, sockets } = await listen(toNode(serveLog(log, { start: 'earliest' })))
    for (const [, , headers] of modes.slice(0, 2)) {
      const leave = new AbortController()
      const response = await fetch(url, { headers, signal: leave.signal })
      await response.body?.getReader().read()
      leave.abort()
      const early = new AbortController()
      const request = fetch(url, { headers, signal: early.signal })
      await expect.poll(() => sockets.size).toBeGreaterThan(0)
      early.abort()
      await request.catch(() => {})
    }
    await expect.poll(() => store.bell.names).toEqual([])
    await expect
      .poll(() => [...sockets].filter((socket) => socket.bytesWritten > 0 && !socket.destroyed).length)
      .toBe(0)
  })
})

it('a client that reads nothing is cut, and resumes after the last message that it has', async () => {
  const log = memoryLogs().open<string>('log')
  await log.append(Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(50_000)))
  const { url, sockets } = await listen(toNode(serveLog(log), { stallTimeoutMs: 200 }))
  const { port } = new URL(url)
  const read = (offset: string, isStalled: boolean) => {
    const socket = connect(Number(port), '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.write(`GET /?offset=${offset} HTTP/1.1\r\nhost: x\r\naccept: application/x-ndjson\r\n\r\n`)
    if (isStalled) socket.once('data', () => socket.pause())
    return socket
  }
  const stalled = read('-1', true)
  let text = ''
  stalled.on('data', (data) => {
    text += data
  })
  await expect.poll(() => sockets.size).toBe(1)
  await expect.poll(() => sockets.size).toBe(0)
  stalled.resume()
  await new Promise((resolve) => stalled.on('close', resolve).on('error', resolve))
  const seen = [...text.matchAll(/"id":"([^"]+)","data":"(\d+) /g)]
  const [, offset = '', last = ''] = seen.at(-1) ?? []
  expect(seen.length).toBeGreaterThan(0)
  expect(seen.length).toBeLessThan(400)
  let rest = ''
  read(offset, false).on('data', (data) => {
    rest += data
  })
  await expect.poll(() => rest).toContain(`"data":"${Number(last) + 1} `)
})
