import { fromWebSocket, logSocket } from 'rxwire'
import { memoryLogs, type ServeSocketOptions, serveSocket } from 'rxwire/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { listen } from './listen.ts'
import { numbers } from './serve-numbers.ts'

const newLog = (maxItems = 10_000) => memoryLogs({ maxItems }).open<number>('numbers')

/** Serves a log to sockets, for one test. */
async function serve(log: ReturnType<typeof newLog>, options: Omit<ServeSocketOptions, 'request'> = {}) {
  const { server, url, sockets } = await listen((_, response) => response.end())
  const socketServer = new WebSocketServer({ server })
  socketServer.on('connection', (socket, request) => serveSocket(log, socket, { ...options, request }))
  onTestFinished(() => {
    for (const client of socketServer.clients) client.terminate()
  })
  return { url: url.replace('http', 'ws'), sockets }
}

/** A client that knows nothing of this library. */
function open(url: string, options: WebSocket.ClientOptions = {}) {
  const socket = new WebSocket(url, options)
  onTestFinished(() => socket.terminate())
  const frames: { id?: string; data?: number; gap?: object; resumed?: boolean }[] = []
  socket.on('message', (text) => frames.push(JSON.parse(String(text))))
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  return { socket, frames, closed, data: () => frames.flatMap(({ data }) => data ?? []) }
}

describe('a log over WebSocket', () => {
  it('starts by itself for a client that sends nothing, at the tail when it connected', async () => {
    const log = newLog()
    await log.append([1])
    const { url } = await serve(log)
    const { socket, data } = open(url)
    await new Promise((resolve) => socket.on('open', resolve))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await log.append([2])
    await expect.poll(data).toEqual([2])
  })

  it('starts again where a late first frame says, and marks the start', async () => {
    const log = newLog()
    const tail = await log.append([1, 2, 3])
    const { url } = await serve(log, { start: 'earliest' })
    const { socket, frames } = open(url)
    await expect.poll(() => frames.length).toBe(4)
    const after2 = tail.replace(/3$/, '2')
    socket.send(JSON.stringify({ resume: after2 }))
    await expect.poll(() => frames.length).toBe(6)
    expect(frames.slice(4)).toEqual([
      { id: after2, resumed: true },
      { id: tail, data: 3 },
    ])
  })

  it('resumes where it started when it was cut before the first message', async () => {
    const log = newLog()
    await log.append([1])
    const { url, sockets } = await serve(log)
    const session = record(fromWebSocket(url, { ...logSocket<number>(), reconnect: quick }))
    await session.until('progress')
    for (const socket of sockets) socket.destroy()
    await log.append([2])
    await session.until('message')
    expect(session.data()).toEqual([2])
  })

  it('sends a frame for a gap, and continues with the oldest item', async () => {
    const log = newLog(2)
    const first = (await log.append(numbers(1, 5))).replace(/5$/, '1')
    const { url } = await serve(log)
    const { frames, data } = open(`${url}/?offset=${first}`)
    await expect.poll(data).toEqual([4, 5])
    const to = first.replace(/1$/, '3')
    expect(frames[0]).toEqual({ id: to, gap: { from: first, to } })
  })

  it('answers the ping of a client with its position', async () => {
    const log = newLog()
    const tail = await log.append([1])
    const { url } = await serve(log, { start: 'earliest' })
    const { socket, frames } = open(`${url}/?offset=-1`)
    await expect.poll(() => frames.length).toBe(2)
    socket.send('{"ping":true}')
    await expect.poll(() => frames[2]).toEqual({ id: tail })
    // What is not a frame of a client is ignored.
    for (const junk of ['', '[', 'null', '5', '{"resume":5}']) socket.send(junk)
    await log.append([2])
    await expect.poll(() => frames.at(-1)?.data).toBe(2)
  })

  it.each([
    ['a page of another origin', { headers: { origin: 'https://evil.example' } }, '', {}, 3003],
    [
      'a listed page',
      { headers: { origin: 'https://app.example' } },
      '?offset=-1',
      { origins: ['https://app.example'] },
      1000,
    ],
    ['a refused request', {}, '', { authorize: () => false }, 3003],
    ['a request without login', {}, '', { authorize: () => new Response(null, { status: 401 }) }, 3000],
    ['a malformed cursor', {}, '?offset=5', {}, 4400],
    ['an error of authorize', {}, '', { authorize: () => Promise.reject(new Error('no')) }, 4500],
  ] as const satisfies readonly (readonly [string, object, string, Omit<ServeSocketOptions, 'request'>, number])[])(
    'closes the socket of %s with its code',
    async (_, client, query, options, code) => {
      const log = newLog()
      await log.append([1])
      await log.close()
      const { url } = await serve(log, options)
      const { socket, closed } = open(`${url}/${query}`, client)
      socket.on('open', () => socket.send('{"resume":""}'))
      expect(await closed).toBe(code)
    },
  )

  it('closes a socket whose request is no longer authorized, and one whose log is deleted', async () => {
    const log = newLog()
    await log.append([1])
    let isAllowed = true
    const { url } = await serve(log, { authorize: (): boolean => isAllowed, rotateMs: 50 })
    const first = open(`${url}/?offset=-1`)
    await expect.poll(first.data).toEqual([1])
    isAllowed = false
    expect(await first.closed).toBe(3003)
    isAllowed = true
    const second = open(`${url}/?offset=-1`)
    await expect.poll(second.data).toEqual([1])
    await log.delete()
    expect(await second.closed).toBe(4404)
  })

  it('closes a client that does not read with 3008, and gives it the rest when it returns', async () => {
    const log = newLog()
    const { url } = await serve(log, { stallTimeoutMs: 200, start: 'earliest' })
    const stuck = open(url)
    stuck.socket.on('open', () => stuck.socket.pause())
    const text = 'x'.repeat(100_000)
    await log.append(Array.from({ length: 200 }, () => text) as never)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    stuck.socket.resume()
    expect(await stuck.closed).toBe(3008)
    const next = open(`${url}/?offset=${stuck.frames.at(-1)?.id}`)
    await expect.poll(() => stuck.data().length + next.data().length).toBe(200)
  })
})

it('serves an object with send, bufferedAmount and close, whose messages the caller passes on', async () => {
  const log = newLog()
  const tail = await log.append(numbers(1, 3))
  const sent: string[] = []
  let code: number | undefined
  const socket = {
    bufferedAmount: 0,
    send: (frame: string) => sent.push(frame),
    close: (closedWith?: number) => {
      code = closedWith
    },
  }
  const request = new Request('http://server/')
  const reader = serveSocket(log, socket, { request })
  reader.receive(JSON.stringify({ resume: tail.replace(/3$/, '1') }))
  await expect.poll(() => sent.length).toBe(3)
  // The reader waits while the socket is full.
  socket.bufferedAmount = 1_000_000
  await log.append([4])
  await expect.poll(() => sent.length).toBe(4)
  await log.append([5])
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(sent).toHaveLength(4)
  socket.bufferedAmount = 0
  await expect.poll(() => sent.length).toBe(5)
  await log.close()
  await expect.poll(() => code).toBe(1000)
  reader.stop()
})
