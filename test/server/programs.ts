import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { delimiter, join } from 'node:path'

/** Returns the path of a program; `undefined` if it is not installed. Also looks where daemons are, outside of PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

// Below the ports that hosts give to clients (32,768 on Linux, 49,152 elsewhere). A client could have taken the port of a
// server when that is started again.
const LOWEST_PORT = 20_000
const PORTS = 12_000

/** Finds a free port of the loopback address. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * PORTS)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/** A program that listens on a port. */
export interface RunningProgram {
  /** Writes to the standard input of the process, like a person at its terminal. */
  type(text: string): void
  /** Resolves when the process has exited. */
  stop(): Promise<void>
}

/** Starts a program, and resolves when it accepts connections on the port. */
export async function startProgram(
  path: string,
  args: readonly string[],
  port: number,
  env: NodeJS.ProcessEnv = process.env,
): Promise<RunningProgram> {
  const child = spawn(path, args, { stdio: ['pipe', 'inherit', 'inherit'], env })
  const gone = once(child, 'exit')
  await answering(child, port)
  return {
    type: (text) => child.stdin?.write(text),
    stop: async () => {
      child.kill()
      await gone
    },
  }
}

async function answering(child: ChildProcess, port: number): Promise<void> {
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} exited with ${child.exitCode} before it listened.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}
