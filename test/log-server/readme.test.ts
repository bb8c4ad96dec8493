import { fromEventSource, json } from 'rxwire'
import { expect, it, onTestFinished } from 'vitest'
import { record } from '../record.ts'
import { startProxy } from '../server/proxy.ts'
import { printedIn, runClient, runServer } from './printed.ts'

const [server = '', client = ''] = printedIn('README.md', 'a-live-feed-and-its-server')

it('the README shows server and client of a live feed in ten lines', () => {
  const lines = [server, client].flatMap((code) => code.split('\n')).filter((line) => /^[^/]/.test(line))
  expect(lines.length).toBeLessThanOrEqual(10)
})

it('the client of the README receives what its server appends', async () => {
  const printed = await runClient(client, await runServer(server))
  await expect.poll(() => printed.length).toBeGreaterThanOrEqual(3)
  for (const line of printed) expect(Number(line)).toBeGreaterThan(0)
})

it('the client of the README misses nothing while it is cut off', async () => {
  const port = await runServer(server)
  const proxy = await startProxy(port)
  onTestFinished(() => proxy.close())
  const printed = await runClient(client, proxy.port)
  const uncut = record(
    fromEventSource(`http://127.0.0.1:${port}?offset=-1`, { decode: json<{ readonly price: number }>() }),
  )
  await expect.poll(() => printed.length).toBeGreaterThanOrEqual(1)
  proxy.let('refusing')
  proxy.cut()
  const before = printed.length
  await uncut.until('message', uncut.data().length + 3)
  expect(printed.length).toBe(before)
  proxy.let('open')
  await expect.poll(() => printed.length).toBeGreaterThanOrEqual(before + 4)
  const all = uncut.data().map(({ price }) => String(price))
  const first = all.indexOf(printed[0] ?? '')
  expect(first).toBeGreaterThanOrEqual(0)
  expect(printed.slice(0, all.length - first)).toEqual(all.slice(first, first + printed.length))
})
