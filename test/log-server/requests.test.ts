import { memoryLogs, type ServeOptions, serveLog, serveLogs } from 'rxwire/server'
import { describe, expect, it } from 'vitest'

const url = 'http://server/ticks'
const json = { 'content-type': 'application/json' }
const eventStream = { accept: 'text/event-stream' }

/** Logs with one log of three numbers. */
async function newLogs(maxItems = 100) {
  const logs = memoryLogs({ maxItems })
  const ticks = logs.open<number>('ticks')
  const tail = await ticks.append([1, 2, 3])
  return { logs, ticks, tail }
}

const open = { authorize: () => true }

/** Returns the first pieces of an endless response. */
async function pieces(response: Response, count: number): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (let index = 0; index < count; index += 1) text += (await reader?.read())?.value ?? ''
  await reader?.cancel()
  return text
}

describe('a request that is wrong', () => {
  it.each([
    ['an offset of another form', 'GET', '?offset=5', {}, undefined, 400, 'offset'],
    ['an empty offset', 'GET', '?offset=', {}, undefined, 400, 'offset'],
    ['two offsets', 'GET', '?offset=-1&offset=now', {}, undefined, 400, 'more than one'],
    ['an unknown live mode', 'GET', '?offset=-1&live=ws', {}, undefined, 400, 'live'],
    ['a live mode without offset', 'GET', '?live=sse', {}, undefined, 400, 'offset'],
    [
      'a Last-Event-ID of another server',
      'GET',
      '',
      { ...eventStream, 'last-event-id': '42' },
      undefined,
      400,
      'Last-Event-ID',
    ],
    ['a log that does not exist', 'GET', 'x', {}, undefined, 404, 'no such log'],
    ['an append to a log that does not exist', 'POST', 'x', json, '1', 404, 'no such log'],
    ['a name with dots', 'GET', '%2F..%2Fx', {}, undefined, 400, 'name'],
    ['an append without a content type', 'POST', '', {}, new Uint8Array([49]), 400, 'Content-Type'],
    ['an append of another type', 'POST', '', { 'content-type': 'text/plain' }, '1', 409, 'application/json'],
    ['an append that is not JSON', 'POST', '', json, '{', 400, 'JSON'],
    ['an append that is not UTF-8', 'POST', '', json, new Uint8Array([34, 255, 34]), 400, 'JSON'],
    ['an append that is too large', 'POST', '', json, `"${'x'.repeat(200)}"`, 413, '100 bytes'],
    [
      'an append from a page of another origin',
      'POST',
      '',
      { ...json, origin: 'https://evil.example' },
      '1',
      403,
      'origin',
    ],
    ['a part of the producer headers', 'POST', '', { ...json, 'producer-id': 'a' }, '1', 400, 'Producer'],
    ['a lifetime with a sign', 'PUT', 'x', { 'stream-ttl': '+1' }, undefined, 400, 'Stream-TTL'],
    ['an unknown method', 'PATCH', '', {}, undefined, 405, 'PATCH'],
  ] as const)('gets a status and a reason for %s', async (_, method, path, headers, body, status, reason) => {
    const { logs } = await newLogs()
    const handler = serveLogs(logs, { ...open, maxBodyBytes: 100 })
    const response = await handler(new Request(url + path, { method, headers, body: body ?? null }))
    expect([response.status, await response.text()]).toEqual([status, expect.stringContaining(reason)])
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('is refused while its body arrives without a length', async () => {
    const { logs } = await newLogs()
    let sent = 0
    const body = new ReadableStream({
      pull(controller) {
        sent += 1
        controller.enqueue(new Uint8Array(1_000))
      },
    })
    const init = { method: 'POST', headers: json, body, duplex: 'half' }
    const response = await serveLogs(logs, { ...open, maxBodyBytes: 5_000 })(new Request(url, init))
    expect(response.status).toBe(413)
    expect(sent).toBeLessThan(10)
  })
})

describe('authorization', () => {
  it('refuses before the store is asked, with the response of the caller', async () => {
    const { logs } = await newLogs()
    const asked: unknown[] = []
    const handler = serveLogs(logs, {
      authorize: (_, access) => {
        asked.push(access)
        return access.action === 'read' ? false : new Response('log in', { status: 401 })
      },
    })
    expect((await handler(new Request('http://server/secret'))).status).toBe(403)
    const posted = await handler(new Request(url, { method: 'POST', headers: json, body: '1' }))
    expect([posted.status, await posted.text()]).toEqual([401, 'log in'])
    expect(asked).toEqual([
      { stream: 'secret', action: 'read' },
      { stream: 'ticks', action: 'append' },
    ])
  })

  it.each(['PUT', 'POST', 'DELETE'])('is needed for %s', async (method) => {
    const { logs, ticks } = await newLogs()
    const request = () => new Request(url, { method, headers: json, body: method === 'DELETE' ? null : '1' })
    for (const handler of [serveLogs(logs), serveLog(ticks), serveLog(ticks, open)]) {
      expect((await handler(request())).status).toBe(405)
    }
    expect((await serveLogs(logs, open)(request())).status).toBeLessThan(300)
  })

  it.each([eventStream, { accept: 'application/x-ndjson' }])('is asked again while %j is open', async (headers) => {
    const { ticks } = await newLogs()
    let isAllowed = true
    let asked = 0
    const authorize = () => {
      asked += 1
      return isAllowed
    }
    const response = await serveLog(ticks, { authorize, rotateMs: 20, heartbeatMs: 10 })(new Request(url, { headers }))
    const reader = response.body?.getReader()
    while (asked < 3) await reader?.read()
    isAllowed = false
    const rest = async () => {
      while (!(await reader?.read())?.done);
    }
    await expect(rest()).rejects.toThrow('no longer authorized')
  })
})

describe('the start of a reader', () => {
  it.each([
    [{}, '', [4]],
    [{ start: 'earliest' }, '', [1, 2, 3, 4]],
    [{}, '?offset=-1', [1, 2, 3, 4]],
    [{ start: 'earliest' }, '?offset=now', [4]],
  ] as const)('is %j with the query %j', async (options: ServeOptions, query, expected) => {
    const { ticks } = await newLogs()
    const response = await serveLog(ticks, options)(new Request(url + query, { headers: eventStream }))
    await ticks.append([4])
    await ticks.close()
    expect([...(await response.text()).matchAll(/^data:(\d)$/gm)].map(([, data]) => Number(data))).toEqual(expected)
  })

  it.each([
    ['the header Last-Event-ID', (id: string) => ({ query: '', headers: { 'last-event-id': id } })],
    ['the query of a native EventSource', (id: string) => ({ query: `&lastEventId=${id}`, headers: {} })],
  ])('is %s rather than the offset', async (_, send) => {
    const { ticks, tail } = await newLogs()
    const { query, headers } = send(tail.replace(/3$/, '2'))
    const response = await serveLog(ticks)(
      new Request(`${url}?offset=-1${query}`, { headers: { ...eventStream, ...headers } }),
    )
    await ticks.close()
    expect([...(await response.text()).matchAll(/^data:(\d)$/gm)].map(([, data]) => data)).toEqual(['3'])
  })

  it('is an id without data, so that a client that is cut before the first message misses nothing', async () => {
    const { ticks, tail } = await newLogs()
    const response = await serveLog(ticks)(new Request(url, { headers: eventStream }))
    expect(await pieces(response, 1)).toContain(`id: ${tail}\n\n`)
  })
})

describe('an offset that is gone', () => {
  const old = async () => {
    const { ticks, tail } = await newLogs(2)
    const first = tail.replace(/3$/, '0')
    return { ticks, first }
  }

  it.each(['', '&live=long-poll', '&live=sse'])('is 410 for the protocol (%j)', async (live) => {
    const { ticks, first } = await old()
    const response = await serveLog(ticks)(new Request(`${url}?offset=${first}${live}`))
    expect(response.status).toBe(410)
    expect(response.headers.get('stream-earliest-offset')).toBe(first.replace(/0$/, '1'))
  })

  it('is an event for Server-Sent Events, which then continue', async () => {
    const { ticks, first } = await old()
    const response = await serveLog(ticks)(new Request(url, { headers: { ...eventStream, 'last-event-id': first } }))
    const to = first.replace(/0$/, '1')
    expect(await pieces(response, 2)).toMatch(
      new RegExp(`^event: gap\nid: ${to}\ndata:\\{"from":"${first}","to":"${to}"\\}\n\n.*data:2\n\n.*data:3\n\n$`, 's'),
    )
  })

  it('is a line for NDJSON, which then continues', async () => {
    const { ticks, first } = await old()
    const response = await serveLog(ticks)(
      new Request(`${url}?offset=${first}`, { headers: { accept: 'application/x-ndjson' } }),
    )
    const lines = (await pieces(response, 2)).trim().split('\n')
    const to = first.replace(/0$/, '1')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { id: to, gap: { from: first, to } },
      { id: first.replace(/0$/, '2'), data: 2 },
      { id: first.replace(/0$/, '3'), data: 3 },
    ])
  })

  it.each(['after the tail, as after a fail-over', 'of a log that was deleted'])('is one %s', async (kind) => {
    const { logs, ticks, tail } = await newLogs()
    const offset = kind.startsWith('after') ? tail.replace(/3$/, '9') : tail
    if (!kind.startsWith('after')) await ticks.delete()
    await ticks.append([1, 2, 3])
    expect((await serveLogs(logs)(new Request(`${url}?offset=${offset}`))).status).toBe(410)
  })

  it('is one that is further behind than maxBehind', async () => {
    const { ticks, tail } = await newLogs()
    const handler = serveLog(ticks, { maxBehind: 2 })
    const get = (seq: number) => handler(new Request(`${url}?offset=${tail.replace(/3$/, String(seq))}`))
    expect([(await get(0)).status, (await get(1)).status]).toEqual([410, 200])
  })
})

it('a closed log ends a native EventSource for good, by 204', async () => {
  const { ticks, tail } = await newLogs()
  await ticks.close()
  const response = await serveLog(ticks)(new Request(url, { headers: { ...eventStream, 'last-event-id': tail } }))
  expect(response.status).toBe(204)
})

it('a stream of the protocol ends at its rotation, and the next request continues', async () => {
  const { ticks, tail } = await newLogs()
  const get = (offset: string) => serveLog(ticks, { rotateMs: 20 })(new Request(`${url}?offset=${offset}&live=sse`))
  const text = await (await get('-1')).text()
  expect(text).toContain(`"streamNextOffset":"${tail}"`)
  await ticks.append([4])
  expect(await pieces(await get(tail), 1)).toContain('data:[4]\n')
})

it('a page of another origin may read with the headers that it needs', async () => {
  const { ticks } = await newLogs()
  const handler = serveLog(ticks, { cors: { origins: ['https://app.example'], credentials: true } })
  const from = async (origin: string) => (await handler(new Request(url, { headers: { origin } }))).headers
  const allowed = await from('https://app.example')
  expect(allowed.get('access-control-allow-origin')).toBe('https://app.example')
  expect(allowed.get('access-control-allow-credentials')).toBe('true')
  expect(allowed.get('access-control-expose-headers')).toContain('Stream-Next-Offset')
  expect((await from('https://evil.example')).get('access-control-allow-origin')).toBe(null)
})

it('large numbers in an array keep their digits', async () => {
  const { logs } = await newLogs()
  const handler = serveLogs(logs, open)
  const body = '[ 12345678901234567890 , {"a":[1,{"b":"],"}]}, "x,\\"]", [] ]'
  await handler(new Request(url, { method: 'POST', headers: json, body }))
  const response = await handler(new Request(url, { headers: { accept: '*/*' } }))
  expect(await response.text()).toBe('[1,2,3,12345678901234567890,{"a":[1,{"b":"],"}]},"x,\\"]",[]]')
})

it.each([
  { heartbeatMs: 0 },
  { pageItems: Number.NaN },
  { maxBehind: -1 },
  { start: 'tail' },
  { cors: { origins: '*', credentials: true } },
])('the options %j are a TypeError at the call', (options) => {
  expect(() => serveLogs(memoryLogs(), options as ServeOptions)).toThrow(TypeError)
})
