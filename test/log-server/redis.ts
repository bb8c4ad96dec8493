import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { findProgram, freePort, type RunningProgram, startProgram } from '../server/programs.ts'
import { temporaryFolder } from './temporary-file.ts'

const path = findProgram('redis-server')

/** The suffix for the name of a test that needs Redis: the reason to skip it, or nothing. */
export const withoutRedis = path === undefined ? ' (skipped: redis-server is not installed)' : ''

/** A Redis of its own, which writes every append to the disk before it answers. */
export interface RunningRedis {
  readonly url: string
  readonly port: number
  /** Ends the process, and keeps the files. */
  stop(): Promise<void>
  /** Starts it again on the same files. */
  start(): Promise<void>
}

export async function startRedis(): Promise<RunningRedis> {
  if (path === undefined) throw new Error('redis-server is not installed')
  const folder = temporaryFolder()
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--logfile', '/dev/null']
  let running: RunningProgram | undefined
  const start = async () => {
    running = await startProgram(path, [...args, '--appendonly', 'yes', '--appendfsync', 'always'], port)
  }
  const stop = async () => {
    await running?.stop()
    running = undefined
  }
  await start()
  return { url: `redis://127.0.0.1:${port}`, port, start, stop }
}

/** Returns a connected client of node-redis that reconnects soon. */
export async function connectClient(url: string): Promise<ReturnType<typeof newClient>> {
  const client = newClient(url)
  // Lost connections are part of the tests.
  client.on('error', () => {})
  await client.connect()
  return client
}

function newClient(url: string) {
  return createClient({ url, socket: { reconnectStrategy: 50 } })
}

/** Returns a connected client of ioredis. */
export async function connectIoRedis(url: string): Promise<Redis & { destroy(): void }> {
  const client = new Redis(url, { retryStrategy: () => 50 })
  client.on('error', () => {})
  await client.ping()
  return Object.assign(client, { destroy: () => client.disconnect() })
}
