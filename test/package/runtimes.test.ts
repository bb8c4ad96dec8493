import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished, type TestContext } from 'vitest'
import { chromiumPath } from '../engines/chromium.ts'
import { freePort, startProgram } from '../server/programs.ts'
import {
  addFiles,
  addPrintedFiles,
  createProject,
  NotInstallable,
  packLibrary,
  removeProjects,
  root,
  run,
} from './projects.ts'
import { serveConsumer } from './serve-consumer.ts'

const rxjs = '7.8.2'
const react = { react: '19.3.1', 'react-dom': '19.3.1' }

let tarball: string
let browser: Browser
const lines: string[] = []

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-tarball-'))
  tarball = packLibrary(folder)
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
  return async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
    removeProjects()
  }
}, 120_000)

// One line for each runtime, also for those that were left out.
afterAll(() => console.info(['Runtimes:', ...lines].join('\n  ')))

/** Declares the test of a runtime. It is left out where its packages cannot be installed. */
function runtime(name: string, test: () => Promise<string>): void {
  it(`serves or receives a feed in ${name}`, async ({ skip }: TestContext) => {
    try {
      lines.push(`${name}: ${await test()}`)
    } catch (error) {
      if (!(error instanceof NotInstallable)) throw error
      lines.push(`${name}: left out, because it cannot be installed here (${error.message})`)
      skip(error.message)
    }
  }, 180_000)
}

const hosts: readonly [name: string, version: string, args: readonly string[]][] = [
  ['node', '20.20.2', []],
  ['node', '22.23.3', []],
  ['node', process.versions.node, []],
  ['bun', '1.4.5', []],
  ['deno', '2.9.6', ['run', '--allow-all', '--node-modules-dir=manual']],
]

for (const [name, version, args] of hosts) {
  runtime(`${name} ${version}`, async () => {
    const project = await createProject({ rxwire: tarball, rxjs, [name]: version })
    addFiles(project, 'feed')
    const host = join(project, 'node_modules/.bin', name)
    const { stdout } = await run(host, [...args, 'feed.mjs'], project)
    expect(JSON.parse(stdout)).toEqual({ sse: [1, 2, 3], ndjson: [1, 2, 3], poll: [1, 2, 3] })
    return `serves a log, and reads ${stdout.trim()}`
  })
}

/** Opens the page of a project in Chromium, and waits until its title shows the feed. */
async function showPage(project: string, expected = 'open 1 2 3'): Promise<string> {
  const { url, close } = await serveConsumer(project)
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.goto(url)
  await expect.poll(() => [page.title(), ...errors].at(-1), { interval: 100 }).toBe(expected)
  await page.close()
  await close()
  return `a page in Chromium shows ${expected}`
}

const buildWithVite = (project: string) =>
  run('node', [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], project)

runtime('a page with an import map', async () => {
  const project = await createProject({ rxwire: tarball, rxjs })
  addFiles(project, 'page')
  return showPage(project)
})

for (const version of ['18.3.1', '19.3.1']) {
  runtime(`Vite with React ${version}`, async () => {
    const project = await createProject({ rxwire: tarball, rxjs, react: version, 'react-dom': version })
    addFiles(project, 'react')
    await buildWithVite(project)
    return showPage(join(project, 'dist'))
  })
}

const bundlers: Readonly<Record<string, string>> = { webpack: '5.113.0', metro: '0.87.1' }

for (const [name, version] of Object.entries(bundlers)) {
  runtime(`${name} ${version}`, async () => {
    const project = await createProject({ rxwire: tarball, rxjs, ...react, [name]: version })
    addFiles(project, 'react')
    addFiles(project, name)
    await run('node', ['build.mjs'], project)
    return showPage(project)
  })
}

runtime('Jest 30.5.2 with jsdom', async () => {
  const jest = { jest: '30.5.2', 'jest-fixed-jsdom': '0.0.11', 'jest-environment-jsdom': '30.5.2' }
  const swc = { '@swc/core': '1.16.18', '@swc/jest': '0.2.39' }
  const project = await createProject({ rxwire: tarball, rxjs, ...react, ...jest, ...swc })
  addFiles(project, 'jest')
  addPrintedFiles(project, 'storybook/docs/tasks/testing.mdx', 'jest.config.mjs')
  const { stderr } = await run('node', [join(project, 'node_modules/jest/bin/jest.js'), 'feed.test.mjs'], project)
  expect(stderr).toContain('Tests:       1 passed')
  return 'a hook receives a feed of rxwire/testing'
})

const angular = ['core', 'common', 'compiler', 'platform-browser', 'platform-server'].map((name) => `@angular/${name}`)

for (const [version, typescript] of [
  ['21.2.24', '5.9.3'],
  ['22.2.0', '6.0.3'],
] as const) {
  runtime(`Vue, Svelte, Solid, Preact signals and Angular ${version}`, async () => {
    const others = {
      vue: '3.5.45',
      svelte: '5.57.3',
      'solid-js': '1.9.20',
      '@preact/signals-core': '1.14.5',
      typescript,
    }
    const ofAngular = Object.fromEntries(angular.map((name) => [name, version]))
    const project = await createProject({ rxwire: tarball, rxjs, ...ofAngular, ...others })
    addFiles(project, 'frameworks')
    for (const page of ['vue', 'svelte', 'solid', 'signals', 'angular'])
      addPrintedFiles(project, `storybook/docs/tasks/${page}.mdx`)
    await run(join(project, 'node_modules/.bin/tsc'), [], project)
    // A server that renders does not connect.
    const { stdout } = await run(process.execPath, ['render.mjs'], project)
    expect(stdout).toContain(`${Array(5).fill('idle').join(' ')}, 0 requests\n`)
    await buildWithVite(project)
    return showPage(join(project, 'dist'), Array(5).fill('open 3').join(', '))
  })
}

runtime('Next 16.4.6', async () => {
  const types = { typescript: '5.7.3', '@types/node': '24.19.2', '@types/react': '19.3.0' }
  const project = await createProject({ rxwire: tarball, rxjs, ...react, ...types, next: '16.4.6' })
  addPrintedFiles(project, 'storybook/docs/tasks/next.mdx')
  addFiles(project, 'next')
  const next = join(project, 'node_modules/next/dist/bin/next')
  const { stdout } = await run('node', [next, 'build'], project)
  // The page with Suspense is static.
  expect(stdout).toMatch(/○ \/latest/)

  const port = await freePort()
  const env = { ...process.env, NODE_ENV: 'production', PORT: String(port) }
  const server = await startProgram(process.execPath, [next, 'start', project, '--port', String(port)], port, env)
  onTestFinished(server.stop)
  const url = `http://localhost:${port}`
  const htmlOf = async (path: string) => (await fetch(url + path)).text()
  expect(await htmlOf('/latest')).toContain('<output>loading</output>')
  expect(await htmlOf('/boundary')).toContain('<output>a reference of the type function</output>')
  const live = /^open: 1\d\d/
  for (const path of ['/', '/latest']) expect(await textOf(url + path)).toMatch(live)
  expect(await htmlOf('/')).toMatch(/<output>idle: 1\d\d/)
  return 'builds a static page with Suspense; starts, and renders data on the server and live'
})

/** Opens a page in Chromium, and returns what it shows once it is connected. */
async function textOf(url: string): Promise<string | null> {
  const page = await browser.newPage()
  await page.goto(url)
  const output = page.locator('output', { hasText: 'open' })
  const text = await output.textContent({ timeout: 20_000 })
  await page.close()
  return text
}
