import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { RunningProgram } from '../server/programs.ts'

/** An X display without a screen. */
export interface VirtualDisplay extends Pick<RunningProgram, 'stop'> {
  /** The value of `DISPLAY` for a program that uses this display. */
  readonly name: string
}

/** Starts Xvfb on a free display number. */
export async function startVirtualDisplay(path: string): Promise<VirtualDisplay> {
  // Xvfb chooses the number and prints it when it is ready.
  const child = spawn(path, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const gone = once(child, 'exit')
  const [number] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    gone.then(([code]) => Promise.reject(new Error(`${path} exited with ${code} before it was ready.`))),
  ])
  return {
    name: `:${number}`,
    stop: async () => {
      child.kill()
      await gone
    },
  }
}
