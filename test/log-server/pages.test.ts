import { firstValueFrom } from 'rxjs'
import { fromEventSource, fromWebSocket, json, logSocket, messages } from 'rxwire'
import { redisLogs } from 'rxwire/server'
import { expect, it, onTestFinished } from 'vitest'
import { printedIn, runServer } from './printed.ts'
import { connectClient, startRedis, withoutRedis } from './redis.ts'

const page = 'storybook/docs/tasks/your-server.mdx'
const decode = json<{ readonly price: number }>()
const price = { price: 100 }

it('the sample for Node serves logs, and takes appends with its token only', async () => {
  const [code = ''] = printedIn(page, 'node')
  const port = await runServer(code, { FEED_TOKEN: 'secret' })
  const url = `http://127.0.0.1:${port}/ticks`
  const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' }
  const create = (init: RequestInit) => fetch(url, { method: 'PUT', ...init })
  expect((await create({ headers: { ...headers, authorization: 'Bearer guessed' } })).status).toBe(403)
  expect((await create({ headers })).status).toBe(201)
  expect((await fetch(url, { method: 'POST', headers, body: JSON.stringify(price) })).status).toBe(204)
  expect(await firstValueFrom(fromEventSource(`${url}?offset=-1`, { decode }).pipe(messages()))).toEqual(price)
})

it('the sample for Node takes no append without a token', async () => {
  const [code = ''] = printedIn(page, 'node')
  const url = `http://127.0.0.1:${await runServer(code, { FEED_TOKEN: undefined })}/ticks`
  const response = await fetch(url, { method: 'PUT', headers: { authorization: 'Bearer undefined' } })
  expect(response.status).toBe(403)
})

// Node runs what Hono exports by `toNode`.
const byNode = `
import { createServer } from 'node:http'
import { toNode } from 'rxwire/server'
createServer(toNode(async (request) => app.fetch(request))).listen(3000)
`

it.each([
  ['express', ''],
  ['hono', byNode],
])('the sample for %s serves a log', async (section, runner) => {
  const [code = ''] = printedIn(page, section)
  const port = await runServer(code + runner)
  const url = `http://127.0.0.1:${port}/logs/ticks?offset=-1`
  expect(await firstValueFrom(fromEventSource(url, { decode }).pipe(messages()))).toEqual(price)
})

it.each([
  ['express', ''],
  ['hono', byNode],
])('the recipe for %s serves what its route appends', async (name, runner) => {
  const [code = ''] = printedIn(`storybook/docs/recipes/${name}.mdx`, name)
  const origin = `http://127.0.0.1:${await runServer(code + runner, { ORDERS_TOKEN: 'secret' })}`
  const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' }
  const ordered = await fetch(`${origin}/orders`, { method: 'POST', headers, body: JSON.stringify({ item: 7 }) })
  expect(ordered.status).toBe(202)
  const orders = fromEventSource(`${origin}/logs/orders`, { decode: json<{ readonly item: number }>() })
  expect(await firstValueFrom(orders.pipe(messages()))).toEqual({ item: 7 })
})

it('the sample for WebSocket serves a log', async () => {
  const [code = ''] = printedIn(page, 'websocket')
  const url = `ws://127.0.0.1:${await runServer(code)}?offset=-1`
  const wire = fromWebSocket(url, logSocket<{ readonly price: number }>())
  expect(await firstValueFrom(wire.pipe(messages()))).toEqual(price)
})

// The route handlers of the page export `GET`.
const routeHandler = `
import { createServer } from 'node:http'
import { toNode } from 'rxwire/server'
createServer(toNode(GET)).listen(3000)
`

it('the first sample is a route handler', async () => {
  const [code = ''] = printedIn(page, 'your-server-in-five-minutes')
  const url = `http://127.0.0.1:${await runServer(code + routeHandler)}?offset=-1`
  expect(await firstValueFrom(fromEventSource(url, { decode }).pipe(messages()))).toEqual({ price: 3 })
})

it.skipIf(withoutRedis !== '')(
  `the samples for Next and for many machines serve one Redis${withoutRedis}`,
  async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.stop())
    const [next = ''] = printedIn(page, 'next')
    const [many = ''] = printedIn('storybook/docs/tasks/many-machines.mdx', 'many-machines')
    const ports = [
      await runServer(next + routeHandler, { REDIS_URL: redis.url }),
      await runServer(many.replace('redis://redis:6379', redis.url)),
    ]
    const client = await connectClient(redis.url)
    onTestFinished(() => client.destroy())
    await redisLogs(client).open<typeof price>('ticks').append([price])
    for (const port of ports) {
      const wire = fromEventSource(`http://127.0.0.1:${port}/ticks?offset=-1`, { decode })
      expect(await firstValueFrom(wire.pipe(messages()))).toEqual(price)
    }
  },
)
