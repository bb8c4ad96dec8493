import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

const MIB = 1_048_576

interface StallPlan {
  readonly readers: number
  readonly mebibytes: number
}

/**
 * Connects readers that read nothing after the head of the response, while mebibytes are appended.
 *
 * @returns How many bytes more the server uses at most than one without readers.
 */
export async function growthWithStalledReaders({ readers, mebibytes }: StallPlan): Promise<number> {
  return (await peakBytes(readers, mebibytes)) - (await peakBytes(0, mebibytes))
}

async function peakBytes(readers: number, mebibytes: number): Promise<number> {
  const server = fork(resolve(import.meta.dirname, 'main.ts'), ['memory', '0'], {
    silent: true,
    execArgv: ['--expose-gc'],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  if (server.stdout === null) throw new Error('the server has no output')
  const [url] = await once(createInterface(server.stdout), 'line')
  const target = `${url}/log`
  await send(target, 'PUT')
  // Without readers first: the log fills up to its retention.
  for (let mebibyte = 0; mebibyte < 32; mebibyte += 1) await send(target, 'POST', mebibyteOfItems())
  for (let reader = 0; reader < readers; reader += 1) await stalledReader(target, reader)
  let peak = 0
  for (let mebibyte = 0; mebibyte < mebibytes; mebibyte += 1) {
    await send(target, 'POST', mebibyteOfItems())
    peak = Math.max(peak, await usedBytes(server))
  }
  server.kill('SIGKILL')
  return peak
}

/** Half of them by Server-Sent Events, half by NDJSON. */
async function stalledReader(target: string, index: number): Promise<void> {
  const { hostname, port, pathname } = new URL(target)
  const accept = index % 2 === 0 ? 'text/event-stream' : 'application/x-ndjson'
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  socket.write(`GET ${pathname}?offset=-1 HTTP/1.1\r\nhost: ${hostname}\r\naccept: ${accept}\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
}

function mebibyteOfItems(): string {
  return JSON.stringify(Array.from({ length: 1_000 }, () => 'x'.repeat(MIB / 1_000 - 8)))
}

async function send(url: string, method: string, body?: string): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method, headers, ...(body && { body }) })
  if (!response.ok) throw new Error(`${method} was refused with ${response.status}`)
}

/** Memory of the heap and of buffers. The resident size also has what the allocator keeps for later. */
async function usedBytes(server: ChildProcess): Promise<number> {
  server.send('memory')
  const [{ heapUsed, external }] = await once(server, 'message')
  return heapUsed + external
}
