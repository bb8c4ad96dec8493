import { fromEventSource, json } from 'rxwire'
import { expect, it } from 'vitest'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import type { Tick } from '../server/prices.ts'
import { startServerProcess } from '../server/process.ts'
import { startServer } from '../server/server.ts'
import type { TwoServersState } from '../server/two-servers.ts'

async function control(url: string, query = '', method = 'GET'): Promise<TwoServersState> {
  return (await fetch(`${url}/two-servers${query}`, { method })).json() as Promise<TwoServersState>
}

const pidsOf = ({ servers }: TwoServersState) => servers.flatMap(({ pid }) => pid ?? [])

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

it('two servers of a feed pass its reader to each other, and a killed one starts again', async () => {
  const server = await startServer()
  const { url } = await control(server.url)
  const session = record(fromEventSource(url, { decode: json<Tick>(), reconnect: quick }))
  await session.until('message', 2)
  for (const name of ['A', 'B']) {
    const before = await control(server.url, `?kill=${name}`, 'POST')
    expect(pidsOf(before)).toHaveLength(1)
    await session.until('message', session.data().length + 3)
    await expect.poll(async () => pidsOf(await control(server.url)).length).toBe(2)
  }
  const [{ n: first } = { n: 0 }] = session.data()
  expect(session.data().map(({ n }) => n)).toEqual(session.data().map((_, index) => first + index))
  const pids = pidsOf(await control(server.url))
  await server.close()
  expect(pids.filter(isAlive)).toEqual([])
})

it('two servers of a feed exit when the demo server is killed', async () => {
  const server = await startServerProcess()
  const pids = pidsOf(await control(server.url))
  expect(pids.filter(isAlive)).toHaveLength(2)
  await server.kill()
  await expect.poll(() => pids.filter(isAlive)).toEqual([])
})
