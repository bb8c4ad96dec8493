import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { stream } from '@durable-streams/client'
import { EventSource } from 'eventsource'
import { lastValueFrom, toArray } from 'rxjs'
import { messages } from 'rxwire'
import { memoryLogs } from 'rxwire/server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { logTransports } from './log-transports.ts'
import { numbers, serveNumbers } from './serve-numbers.ts'

const newLog = () => memoryLogs().open<number>('numbers')

describe.each(logTransports)('a log read by $name', ({ connect }) => {
  it('is read from its start, then live, and completes when it is closed', async () => {
    const log = newLog()
    await log.append(numbers(1, 3_000))
    const { url } = await serveNumbers(log)
    const read = lastValueFrom(connect(() => url, 'earliest', quick).pipe(messages(), toArray()))
    await log.append(numbers(3_001, 3_010))
    await log.append([3_011])
    await log.close()
    expect(await read).toEqual(numbers(1, 3_011))
  })

  it('starts with what is appended after the subscription', async () => {
    const log = newLog()
    await log.append([1])
    const { url } = await serveNumbers(log)
    const session = record(connect(() => url, 'now', quick))
    // A long poll opens with the first response, so every transport is given messages until one arrives.
    let last = 1
    while (session.data().length === 0) {
      last += 1
      await log.append([last])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const [first = 0] = session.data()
    expect(first).toBeGreaterThan(1)
    await session.until('message', last - first + 1)
    expect(session.data()).toEqual(numbers(first, last))
  })

  it('resumes after the last message when all connections are cut again and again', async () => {
    const log = newLog()
    const { url, sockets } = await serveNumbers(log, { retryMs: 1 })
    await log.append([1])
    const session = record(connect(() => url, 'earliest', quick))
    for (let last = 1; last < 2_000; last += 100) {
      await session.until('message', last)
      for (const socket of sockets) socket.destroy()
      await log.append(numbers(last + 1, last + 100))
    }
    await session.until('message', 2_001)
    expect(session.data()).toEqual(numbers(1, 2_001))
  })
})

it('a log is read by the package eventsource, which resumes after a cut', async () => {
  const log = newLog()
  const { url, sockets } = await serveNumbers(log, { start: 'earliest', retryMs: 1 })
  await log.append(numbers(1, 10))
  const source = new EventSource(url)
  onTestFinished(() => source.close())
  const seen: number[] = []
  source.onmessage = ({ data }) => seen.push(Number(data))
  await expect.poll(() => seen.length).toBe(10)
  for (const socket of sockets) socket.destroy()
  await log.append(numbers(11, 20))
  await expect.poll(() => seen.length).toBe(20)
  expect(seen).toEqual(numbers(1, 20))
})

it.each(['long-poll', 'sse'] as const)('a log is read by @durable-streams/client over %s', async (live) => {
  const log = newLog()
  await log.append(numbers(1, 10))
  const { url } = await serveNumbers(log)
  const response = await stream<number>({ url, offset: '-1', live })
  const seen: number[] = []
  const done = new Promise<void>((resolve) => {
    response.subscribeJson(async ({ items, streamClosed }) => {
      seen.push(...items)
      if (streamClosed) resolve()
    })
  })
  await log.append(numbers(11, 20))
  await log.close()
  await done
  expect(seen).toEqual(numbers(1, 20))
})

it.each([
  [[], '[1,2]'],
  [
    ['-H', 'Accept: text/event-stream'],
    /^retry: 1000\nid: \S+_0{16}\n\nid: \S+_0{15}1\ndata:1\n\nid: \S+2\ndata:2\n\n$/,
  ],
  [['-H', 'Accept: application/x-ndjson'], /^\{"id":"\S+_0{15}1","data":1\}\n\{"id":"\S+_0{15}2","data":2\}\n$/],
])('a closed log is printed by curl %j', async (args, expected) => {
  const log = newLog()
  await log.append([1, 2])
  await log.close()
  const { url } = await serveNumbers(log)
  const { stdout } = await promisify(execFile)('curl', ['-sS', '--no-buffer', ...args, `${url}/?offset=-1`])
  expect(stdout).toMatch(expected)
})
