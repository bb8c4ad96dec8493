import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fromEventSource, type Wire } from 'rxwire'
import { memoryLogs, toNode } from 'rxwire/server'
import { expect, it, onTestFinished, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { record } from '../record.ts'
import { examplesIn } from './examples.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../storybook/docs/recipes/authentication.mdx'), 'utf8')
const [header, socket, server] = examplesIn(page).map(({ code }) => code)

/**
 * Runs an example as printed, except for some texts, such as addresses.
 *
 * @param given The functions that the example declares and leaves to its reader.
 */
async function runExample<E>(
  code: string | undefined,
  given: Readonly<Record<string, unknown>>,
  replaced: Readonly<Record<string, string>>,
): Promise<E> {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-recipe-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  vi.stubGlobal('given', given)
  onTestFinished(() => void vi.unstubAllGlobals())
  let text = (code ?? '').replace(/declare function (\w+)\(.*/g, 'const { $1 } = globalThis.given')
  for (const [from, to] of Object.entries(replaced)) {
    expect(text).toContain(from)
    text = text.replaceAll(from, to)
  }
  writeFileSync(join(folder, 'example.ts'), text)
  return import(join(folder, 'example.ts'))
}

it('the recipe of tokens refreshes once for two connections, resumes, and asks for a login after a refusal', async () => {
  const valid = new Set(['token 1'])
  const userOf = async (request: Request) =>
    valid.has(request.headers.get('authorization')?.replace('Bearer ', '') ?? '') ? { name: 'ada' } : undefined
  const logs = memoryLogs()
  const { handler } = await runExample<{ handler: (request: Request) => Promise<Response> }>(
    server,
    { userOf, logs },
    { 'memoryLogs()': 'globalThis.given.logs', authorize: "start: 'earliest', authorize" },
  )
  const http = createServer(toNode(handler))
  await once(http.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => void http.close())
  onTestFinished(() => http.closeAllConnections())
  const log = logs.open<number>('user-ada')
  await log.append([1])

  const refresh = vi.fn(async () => {
    const count = refresh.mock.calls.length
    // Only a token that is some seconds old is replaced when it was refused.
    const ageMs = count === 1 ? 10_000 : 0
    return { value: `token ${count}`, receivedAt: Date.now() - ageMs, expiresAt: Date.now() + 60_000 }
  })
  const assign = vi.fn()
  vi.stubGlobal('location', { assign })
  const info = vi.spyOn(console, 'info').mockImplementation(() => {})
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`
  const { api } = await runExample<{ api: object }>(
    header,
    { refresh },
    { 'https://api.example/': url, "'ticks'": "'user-ada'" },
  )
  const second = record(fromEventSource('user-ada', { ...api, decode: Number }))
  const first = () => info.mock.calls.map(([data]) => Number(data))
  await expect.poll(first).toEqual([1])
  await second.until('message')
  expect(refresh).toHaveBeenCalledTimes(1)

  valid.clear()
  valid.add('token 2')
  http.closeAllConnections()
  await second.until('open', 2)
  await log.append([2])
  await second.until('message', 2)
  await expect.poll(first).toEqual([1, 2])
  expect(refresh).toHaveBeenCalledTimes(2)

  valid.clear()
  http.closeAllConnections()
  await expect.poll(() => assign.mock.calls).toEqual([['/login']])
  expect(await second.ended()).toMatchObject({ kind: 'auth' })
})

it('the recipe of a WebSocket sends a fresh token after close code 4401', async () => {
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => void sockets.close())
  await once(sockets, 'listening')
  const tokens: string[] = []
  sockets.on('connection', (connection) => {
    connection.once('message', (data) => {
      const { token } = JSON.parse(String(data))
      tokens.push(token)
      if (token === 'old') connection.close(4401)
      else connection.send('welcome')
    })
  })
  const answers = ['old', 'new']
  const url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}/chat`
  const given = { freshToken: async () => answers.shift() }
  const { chat } = await runExample<{ chat: Wire<unknown> }>(socket, given, { '/chat': url })
  const session = record(chat)
  await session.until('message')
  expect(tokens).toEqual(['old', 'new'])
  expect(session.data()).toEqual(['welcome'])
})
