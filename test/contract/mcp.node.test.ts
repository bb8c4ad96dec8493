import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { type EventStore, StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createRun, fromFetchStream, runStore, type SseMessage, type StreamDecoder, sse } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { quick } from '../quick.ts'

const VERSION = '2025-11-25'
const STEPS = 6

interface JsonRpc {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly progress?: number }
  readonly result?: { readonly content: readonly { readonly text: string }[] }
  readonly error?: { readonly code: number; readonly message: string }
}

/** Keeps the events of all streams in order. The example store of the SDK sorts events of one millisecond at random. */
function eventStore(): EventStore {
  type Message = Parameters<EventStore['storeEvent']>[1]
  const events: { readonly id: string; readonly streamId: string; readonly message: Message }[] = []
  return {
    storeEvent: async (streamId, message) => {
      const id = String(events.length + 1)
      events.push({ id, streamId, message })
      return id
    },
    replayEventsAfter: async (lastEventId, { send }) => {
      const last = events.findIndex(({ id }) => id === lastEventId)
      const streamId = events[last]?.streamId ?? ''
      for (const event of events.slice(last + 1)) {
        // The priming event has no content.
        if (event.streamId === streamId && 'jsonrpc' in event.message) await send(event.id, event.message)
      }
      return streamId
    },
  }
}

/** What happens to the connection of a tool call before a step. */
type Cut = (call: { readonly close: () => void; readonly destroy: () => void }) => void

/** Starts the server of the SDK with a tool that reports its progress. `cutBefore` says what happens before which steps. */
async function mcpServer(cutBefore: Readonly<Record<number, Cut>>) {
  const requests: { readonly method: string; readonly lastEventId: string | undefined }[] = []
  let calls = 0
  let latest: ServerResponse | undefined
  const mcp = new McpServer({ name: 'steps', version: '1.0.0' })
  mcp.registerTool('steps', {}, async (extra) => {
    calls += 1
    for (let progress = 1; progress <= STEPS; progress += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      cutBefore[progress]?.({ close: () => extra.closeSSEStream?.(), destroy: () => latest?.destroy() })
      const params = { progressToken: 'token', progress, total: STEPS }
      await extra.sendNotification({ method: 'notifications/progress', params })
    }
    return { content: [{ type: 'text', text: 'all steps' }] }
  })
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    eventStore: eventStore(),
    retryInterval: 10,
  })
  // With exactOptionalPropertyTypes, its optional callbacks do not have the type that `connect` takes.
  await mcp.connect(transport as Parameters<typeof mcp.connect>[0])
  const http = createServer((request: IncomingMessage, response) => {
    requests.push({ method: request.method ?? '', lastEventId: request.headers['last-event-id']?.toString() })
    latest = response
    transport.handleRequest(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await mcp.close()
    http.closeAllConnections()
    http.close()
  })
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`
  return { url, requests, calls: () => calls }
}

const accept = 'application/json, text/event-stream'

/** Opens a session. Returns the headers of its requests. */
async function openSession(url: string): Promise<Record<string, string>> {
  const headers = { accept, 'content-type': 'application/json', 'mcp-protocol-version': VERSION }
  const post = async (message: object, more: object = {}) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    const response = await fetch(url, { method: 'POST', headers: { ...headers, ...more }, body })
    await response.text()
    return response.headers.get('mcp-session-id') ?? ''
  }
  const params = { protocolVersion: VERSION, capabilities: {}, clientInfo: { name: 'test', version: '1.0.0' } }
  const session = { 'mcp-session-id': await post({ id: 0, method: 'initialize', params }) }
  await post({ method: 'notifications/initialized' }, session)
  return { accept, 'mcp-protocol-version': VERSION, ...session }
}

/** The tool calls of a session. The start is a POST, and a GET attaches after the last event. */
function toolCalls(url: string, headers: Record<string, string>) {
  const decode: StreamDecoder<JsonRpc> = { ...sse(), decode: ({ data }: SseMessage<string>) => JSON.parse(data) }
  const response = {
    decode,
    // [spec] MCP, Streamable HTTP: the first event primes the client with an id, and has no data.
    onBadMessage: () => {},
    endsWhen: ({ id }: JsonRpc) => id === 1,
    failsWhen: ({ error }: JsonRpc) => error?.message,
  }
  return createRun({
    reconnect: quick,
    start: (method: string) => {
      const params = { name: 'steps', _meta: { progressToken: 'token' } }
      const json = { jsonrpc: '2.0', id: 1, method, params }
      return fromFetchStream(url, { method: 'POST', headers, json, ...response })
    },
    resume: ({ resumeFrom = '' }) =>
      fromFetchStream(url, { headers: { ...headers, 'last-event-id': resumeFrom }, ...response, retry: false }),
  })
}

const close: Cut = ({ close }) => close()
const destroy: Cut = ({ destroy }) => destroy()

describe('a tool call over MCP Streamable HTTP', () => {
  it.each<[string, Record<number, Cut>]>([
    ['not cut', {}],
    ['closed by the server before its first message', { 1: close }],
    ['closed by the server', { 3: close }],
    ['cut before its first message', { 1: destroy }],
    ['cut', { 3: destroy }],
    ['cut again and again', { 2: destroy, 4: close, 6: destroy }],
  ])('runs once and delivers each message once when its stream is %s', async (_, cutBefore) => {
    const server = await mcpServer(cutBefore)
    const run = toolCalls(server.url, await openSession(server.url))
    const store = runStore(run, { id: 'call', keep: 20 })
    onTestFinished(store.subscribe(() => {}))
    store.start('tools/call')
    await expect.poll(() => store.getSnapshot().connection).toBe('closed')
    const { data } = store.getSnapshot()
    expect(data.flatMap(({ params }) => params?.progress ?? [])).toEqual([1, 2, 3, 4, 5, 6])
    expect(data.at(-1)?.result?.content).toEqual([{ type: 'text', text: 'all steps' }])
    expect(server.calls()).toBe(1)
    const attached = server.requests.filter(({ method }) => method === 'GET')
    expect(attached.length > 0).toBe(Object.keys(cutBefore).length > 0)
    expect(attached.every(({ lastEventId }) => lastEventId !== '')).toBe(true)
    // initialize, initialized, and the call.
    expect(server.requests.filter(({ method }) => method === 'POST')).toHaveLength(3)
  })

  it('fails with what the server says about a method that it does not have', async () => {
    const server = await mcpServer({})
    const store = runStore(toolCalls(server.url, await openSession(server.url)), { id: 'call' })
    onTestFinished(store.subscribe(() => {}))
    store.start('tools/none')
    await expect.poll(() => store.getSnapshot().connection).toBe('failed')
    expect(store.getSnapshot().error).toMatchObject({
      kind: 'closed',
      message: expect.stringMatching(/Method not found$/),
    })
    expect(server.requests.filter(({ method }) => method === 'GET')).toEqual([])
  })
})
