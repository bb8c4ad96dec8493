import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'

/** A program of ours in a process of its own. It ends with this one, however that ends. */
export interface OwnProcess {
  /** The first line that it has said: where it is. */
  readonly said: string
  /** Lets it end in good order. Resolves when it is gone. */
  end(): Promise<void>
  /** Ends it as a crash would, without a goodbye to anybody. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts a file that says where it is, and ends when its input does. Node only. */
export async function startOwnProcess(main: string, args: readonly string[] = []): Promise<OwnProcess> {
  // The child reads nothing: the pipe closes when this process ends, and that ends the child.
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const says = createInterface(child.stdout)
  const said = await Promise.race([
    once(says, 'line').then(([line]) => String(line)),
    exited.then(([code]) => Promise.reject(new Error(`${main} ended with ${code} before it had begun.`))),
  ])
  return {
    said,
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
  const { said, kill } = await startOwnProcess(resolve(import.meta.dirname, 'main.ts'), [String(port)])
  return { url: said, port: Number(new URL(said).port), kill }
}
