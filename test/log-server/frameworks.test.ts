import express from 'express'
import { Hono } from 'hono'
import { lastValueFrom, toArray } from 'rxjs'
import { fromEventSource, messages } from 'rxwire'
import { memoryLogs, serveLog, serveLogs, toNode } from 'rxwire/server'
import { describe, expect, it } from 'vitest'
import { quick } from '../quick.ts'
import { listen } from './listen.ts'

const url = 'http://server/logs/ticks'

async function newLogs() {
  const logs = memoryLogs()
  await logs.open<number>('ticks').append([1, 2])
  return logs
}

describe('a log of the server', () => {
  it('is served by node:http, and completes its clients', async () => {
    const logs = await newLogs()
    const { url: base } = await listen(toNode(serveLogs(logs)))
    await logs.open('ticks').close()
    const wire = fromEventSource(`${base}/ticks?offset=-1`, { decode: Number, reconnect: quick })
    expect(await lastValueFrom(wire.pipe(messages(), toArray()))).toEqual([1, 2])
  })

  it('is served by Express below a path, also behind a body parser', async () => {
    const app = express()
    app.use(express.json())
    app.use('/logs', toNode(serveLogs(await newLogs(), { base: '/logs', authorize: () => true })))
    const { url: base } = await listen(app)
    const posted = await fetch(`${base}/logs/ticks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[3]',
    })
    expect(posted.status).toBe(204)
    const created = await fetch(`${base}/logs/new`, { method: 'PUT' })
    expect(created.headers.get('location')).toBe(`${base}/logs/new`)
    expect(await (await fetch(`${base}/logs/ticks`)).json()).toEqual([1, 2, 3])
  })

  it('passes what authorize throws to the error handler of Express', async () => {
    const app = express()
    const failing = () => {
      throw new Error('the session store is down')
    }
    app.use(toNode(serveLogs(await newLogs(), { authorize: failing })))
    app.use((error: Error, _: express.Request, response: express.Response, __: express.NextFunction) => {
      response.status(502).send(error.message)
    })
    const { url: base } = await listen(app)
    const response = await fetch(`${base}/ticks`)
    expect([response.status, await response.text()]).toEqual([502, 'the session store is down'])
  })

  it('is served by Hono, as it is', async () => {
    const handler = serveLogs(await newLogs(), { base: '/logs' })
    const app = new Hono().get('/logs/*', ({ req }) => handler(req.raw))
    expect(await (await app.request(url)).json()).toEqual([1, 2])
  })

  it('is served by a route handler of Next', async () => {
    const logs = await newLogs()
    const GET = serveLog(logs.open('ticks'), { start: 'earliest' })
    const response = await GET(new Request(url, { headers: { accept: 'text/event-stream' } }))
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toContain('data:1\n\n')
    // A compressor in front of it holds messages back, unless the response has an encoding already.
    expect(response.headers.get('content-encoding')).toBe('identity')
    await reader?.cancel()
  })
})
