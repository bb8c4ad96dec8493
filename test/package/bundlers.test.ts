import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import webpack from 'webpack'

const root = resolve(import.meta.dirname, '../..')
/** A diagnosis, a hint and a check of an option. */
const ADVICE = ['CORS may be the cause', 'seems to be buffered by a proxy', 'must be a non-negative number']
/** An error that users meet in production. */
const ERROR = 'no response from the server'

let project: string
let entry: string

beforeAll(() => {
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: root })
  project = mkdtempSync(join(tmpdir(), 'rxwire-bundlers-'))
  // A copy: bundlers would read the tsconfig.json next to a linked folder, which maps names to sources.
  const installed = join(project, 'node_modules/rxwire')
  mkdirSync(installed, { recursive: true })
  for (const name of ['package.json', 'dist']) cpSync(join(root, name), join(installed, name), { recursive: true })
  for (const name of ['rxjs', 'tslib', 'react', '@tanstack', 'vitest', 'jest']) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name))
  }
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }')
  entry = join(project, 'entry.js')
  writeFileSync(
    entry,
    `import { fromEventSource, fromFetch, fromFetchStream, fromWebSocket } from 'rxwire'
    import { useEventSource } from 'rxwire/react'
    globalThis.used = [fromEventSource, fromFetch, fromFetchStream, fromWebSocket, useEventSource]`,
  )
  return () => rmSync(project, { recursive: true })
})

const bundlers: Readonly<Record<string, () => Promise<string>>> = {
  Vite: async () => {
    // The condition follows NODE_ENV, which is `test` here.
    vi.stubEnv('NODE_ENV', 'production')
    onTestFinished(() => void vi.unstubAllEnvs())
    const output = await vite({
      root: project,
      configFile: false,
      logLevel: 'error',
      build: { write: false, rolldownOptions: { input: entry } },
    })
    return [output]
      .flat()
      .flatMap((each) => ('output' in each ? each.output : []))
      .map((chunk) => ('code' in chunk ? chunk.code : ''))
      .join('\n')
  },
  webpack: async () => {
    const compiler = webpack({
      mode: 'production',
      context: project,
      entry,
      output: { path: project, filename: 'webpack.js' },
    })
    const stats = await promisify(compiler.run.bind(compiler))()
    expect(stats?.hasErrors()).toBe(false)
    return readFileSync(join(project, 'webpack.js'), 'utf8')
  },
  Rollup: async () => {
    const warnings: string[] = []
    const bundle = await rollup({
      input: entry,
      onLog: (_, { message }) => warnings.push(message),
      external: ['rxjs', 'react'],
      plugins: [nodeResolve({ exportConditions: ['production'] })],
    })
    const { output } = await bundle.generate({ format: 'es' })
    expect(warnings).toEqual([])
    return output[0].code
  },
  esbuild: async () => {
    const { outputFiles } = await esbuild({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      conditions: ['production'],
    })
    return outputFiles[0]?.text ?? ''
  },
}

describe('a production bundle', () => {
  it.each(Object.keys(bundlers))('has errors and no advice with %s', async (name) => {
    const code = (await bundlers[name]?.()) ?? ''
    expect(code).toContain(ERROR)
    expect(ADVICE.filter((sentence) => code.includes(sentence))).toEqual([])
  })
})

describe('by default', () => {
  const check = `
    import { fromEventSource, setHintHandler } from 'rxwire'
    let message = ''
    try {
      fromEventSource('/', { reconnect: { maxRetries: -1 } })
    } catch (error) {
      message = error.message
    }`
  const runs: Readonly<Record<string, () => string>> = {
    Node: () => {
      writeFileSync(join(project, 'check.js'), `${check}\nconsole.log(message)`)
      return execFileSync('node', ['check.js'], { cwd: project, encoding: 'utf8' })
    },
    Vitest: () => {
      writeFileSync(
        join(project, 'advice.test.js'),
        `import { it } from 'vitest'${check}\nit('prints', () => console.log(message))`,
      )
      return outputOf('vitest/vitest.mjs', ['run', 'advice.test.js'])
    },
    Jest: () => {
      writeFileSync(join(project, 'advice.spec.js'), `${check}\nit('prints', () => console.log(message))`)
      const config = JSON.stringify({ transform: {}, testMatch: ['**/*.spec.js'] })
      return outputOf('jest/bin/jest.js', ['--config', config], '--experimental-vm-modules')
    },
  }
  const outputOf = (bin: string, args: string[], ...flags: string[]) => {
    const path = join(root, 'node_modules', bin)
    const { stdout, stderr } = spawnSync('node', [...flags, path, ...args], { cwd: project, encoding: 'utf8' })
    return stdout + stderr
  }

  it.each(Object.keys(runs))('options are checked at the call in %s', (name) => {
    expect(runs[name]?.()).toContain('reconnect: maxRetries must be a non-negative number')
  })

  it('hints stay silent where NODE_ENV is production', () => {
    const script = `
      import { fromEventSource, setHintHandler } from 'rxwire'
      setHintHandler(({ topic }) => console.log('hint:', topic))
      const fetch = async () => new Response('data: {\\n\\n', { headers: { 'content-type': 'text/event-stream' } })
      fromEventSource('http://localhost/', { fetch, decode: JSON.parse, reconnect: false }).subscribe({ error: () => {} })`
    writeFileSync(join(project, 'hints.js'), script)
    const hintsOf = (mode: string) =>
      execFileSync('node', ['hints.js'], { cwd: project, encoding: 'utf8', env: { ...process.env, NODE_ENV: mode } })
    expect(hintsOf('development')).toContain('hint: message skipped')
    expect(hintsOf('production')).toBe('')
  })
})
