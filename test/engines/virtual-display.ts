import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { RunningProgram } from '../server/programs.ts'

/** A screen that nobody sees. */
export interface VirtualDisplay extends RunningProgram {
  /** What `DISPLAY` must be for a program to show itself there. */
  readonly name: string
}

/** Starts an Xvfb on a display that is free. */
export async function startVirtualDisplay(path: string): Promise<VirtualDisplay> {
  // It chooses the number itself, and says it when it is ready.
  const child = spawn(path, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const gone = once(child, 'exit')
  const [number] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    gone.then(([code]) => Promise.reject(new Error(`${path} ended with ${code} before it was ready.`))),
  ])
  return {
    name: `:${number}`,
    stop: async () => {
      child.kill()
      await gone
    },
  }
}
