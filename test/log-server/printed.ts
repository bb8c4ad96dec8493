import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { onTestFinished } from 'vitest'
import { examplesIn } from '../package/examples.ts'
import { freePort, startProgram } from '../server/programs.ts'
import { alias, root } from '../vitest-shared.ts'
import { temporaryFile } from './temporary-file.ts'

/** Returns the code of the printed examples of one section of a page, in order. */
export function printedIn(page: string, section: string): readonly string[] {
  return examplesIn(readFileSync(join(root, page), 'utf8')).flatMap((example) =>
    example.section === section ? [example.code] : [],
  )
}

/** Bundles printed code with the sources of the library. Only its port is replaced. Returns the path of the program. */
async function bundle(code: string, port: number): Promise<string> {
  const file = temporaryFile('example.mjs')
  await build({
    stdin: { contents: code.replace('3000', String(port)), loader: 'ts', resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    // A package of CommonJS requires the modules of Node.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
    alias,
    outfile: file,
  })
  return file
}

/** Runs a printed server in a process of its own. Resolves with its port when it listens. */
export async function runServer(code: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  const port = await freePort()
  const server = await startProgram(process.execPath, [await bundle(code, port)], port, { ...process.env, ...env })
  onTestFinished(() => server.stop())
  return port
}

/** Runs a printed client in a process of its own. Returns the lines that it has printed so far. */
export async function runClient(code: string, port: number): Promise<readonly string[]> {
  const client: ChildProcess = spawn(process.execPath, [await bundle(code, port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(client, 'exit')
  onTestFinished(async () => {
    client.kill()
    await exited
  })
  const lines: string[] = []
  if (client.stdout !== null) createInterface(client.stdout).on('line', (line) => lines.push(line))
  return lines
}
