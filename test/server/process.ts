import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** A server in a process of its own. */
export interface ServerProcess {
  /** Where the scenarios are: append their path. */
  readonly url: string
  readonly port: number
  /** Ends it as a crash would, without a goodbye to anybody. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a server that can be killed, on the port or on a free one. Node only. */
export async function startServerProcess(port = 0): Promise<ServerProcess> {
  const main = resolve(import.meta.dirname, 'main.ts')
  // The child reads nothing: the pipe closes when this process ends, and that ends the child.
  const child = spawn(process.execPath, [main, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const says = createInterface(child.stdout)
  const url = await Promise.race([
    once(says, 'line').then(([line]) => String(line)),
    exited.then(([code]) => Promise.reject(new Error(`The server ended with ${code} before it had begun.`))),
  ])
  return {
    url,
    port: Number(new URL(url).port),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
