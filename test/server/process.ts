import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** One of our programs in its own process. It exits when this process exits, even after a crash. */
export interface OwnProcess {
  /** The first line that it printed: its address. */
  readonly said: string
  readonly pid: number | undefined
  /** Shuts it down. Resolves when the process has exited. */
  end(): Promise<void>
  /** Kills it like a crash, without closing its connections. Resolves when the process has exited. */
  kill(): Promise<void>
}

/** Starts a program that prints its address and exits when its standard input closes. Node only. */
export async function startOwnProcess(main: string, args: readonly string[] = []): Promise<OwnProcess> {
  // Nothing is written to the pipe. It closes when this process exits, and that ends the child.
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const says = createInterface(child.stdout)
  const said = await Promise.race([
    once(says, 'line').then(([line]) => String(line)),
    exited.then(([code]) => Promise.reject(new Error(`${main} exited with ${code} before it printed its address.`))),
  ])
  return {
    said,
    pid: child.pid,
    end: async () => {
      child.stdin.end()
      await exited
    },
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** A server in its own process. */
export interface ServerProcess {
  /** The base URL of the scenarios: append their path. */
  readonly url: string
  readonly port: number
  /** Kills it like a crash, without closing its connections. Resolves when the process has exited. */
  kill(): Promise<void>
}

/** Starts a server that can be killed, on the given port or a free one. Node only. */
export async function startServerProcess(port = 0): Promise<ServerProcess> {
  const { said, kill } = await startOwnProcess(resolve(import.meta.dirname, 'main.ts'), [String(port)])
  return { url: said, port: Number(new URL(said).port), kill }
}
