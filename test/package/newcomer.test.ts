import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { chromiumPath } from '../engines/chromium.ts'
import { freePort, startProgram } from '../server/programs.ts'
import { examplesIn } from './examples.ts'
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
import { serveReadme } from './readme-server.ts'
import { serveConsumer } from './serve-consumer.ts'

// What the README and the pages print works in an empty folder, with the packed library and nothing else. The page on Next
// is built and started by runtimes.test.ts.

const START = 'storybook/docs/start.mdx'
const read = (path: string) => readFileSync(join(root, path), 'utf8')

let tarball: string
let browser: Browser

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

/** Declares a test that needs packages of the registry. It is skipped where they cannot be installed. */
function part(name: string, test: () => Promise<void>): void {
  it(name, async ({ skip }) => {
    await test().catch((error: unknown) => {
      if (!(error instanceof NotInstallable)) throw error
      skip(`The packages cannot be installed here: ${error.message}`)
    })
  }, 180_000)
}

/** Creates a project with the packages of a printed `npm install`, in the versions that this repository has. */
function installPrinted(page: string, further: readonly string[] = []): Promise<string> {
  const [, names = ''] = /^npm install (rxwire .*)$/m.exec(read(page)) ?? []
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> }
  const versions = [...names.split(' '), ...further].map((name) => [
    name,
    name === 'rxwire' ? tarball : (devDependencies[name] ?? 'latest'),
  ])
  return createProject(Object.fromEntries(versions))
}

/** Changes a file of a project, and fails if nothing changes. */
function changeFile(file: string, change: (code: string) => string): void {
  const code = readFileSync(file, 'utf8')
  expect(change(code)).not.toBe(code)
  writeFileSync(file, change(code))
}

async function startServer(file: string, port: number) {
  const server = await startProgram(process.execPath, ['--disable-warning=ExperimentalWarning', file], port)
  onTestFinished(server.stop)
  return server
}

async function openPage(url: string): Promise<Page> {
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  await page.goto(url)
  return page
}

part('the quick start shows prices, and misses none while its server cuts it off', async () => {
  const types = ['typescript', '@types/react', '@types/react-dom', '@types/node']
  const project = await installPrinted(START, types)
  addPrintedFiles(project, START)
  const port = await freePort()
  for (const file of ['server.mts', 'prices.tsx']) {
    changeFile(join(project, file), (code) => code.replaceAll('3000', String(port)))
  }
  const strict = ['--noEmit', '--strict', '--jsx', 'react-jsx', '--module', 'preserve', '--target', 'es2022']
  const sources = ['server.mts', 'main.tsx', '--types', 'node']
  const compiled = await run(join(project, 'node_modules/.bin/tsc'), [...strict, ...sources], project)
  expect(compiled.stdout).toBe('')

  const server = await startServer(join(project, 'server.mts'), port)
  const vite = await freePort()
  const bin = join(project, 'node_modules/vite/bin/vite.js')
  const args = [bin, project, '--host', '127.0.0.1', '--port', String(vite), '--logLevel', 'warn']
  const development = await startProgram(process.execPath, args, vite)
  onTestFinished(development.stop)
  const page = await openPage(`http://127.0.0.1:${vite}`)
  const status = page.getByRole('status')
  const shown = async () => (await page.getByRole('listitem').allTextContents()).map((text) => text.split(': ')[1])
  const logged = async () => {
    const items: { price: number }[] = await (await fetch(`http://127.0.0.1:${port}?offset=-1`)).json()
    return items.map(({ price }) => price.toFixed(2))
  }
  await expect.poll(async () => (await shown()).length, { timeout: 20_000 }).toBeGreaterThan(1)

  const before = (await shown()).length
  server.type('\n')
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).toContain('Reconnecting')
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe('open')
  await expect.poll(async () => (await shown()).length, { timeout: 20_000 }).toBeGreaterThan(before + 5)
  const prices = await shown()
  const all = await logged()
  const first = all.indexOf(prices[0] ?? '')
  expect(prices).toEqual(all.slice(first, first + prices.length))

  await server.stop()
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).toContain('Reconnecting')
  await startServer(join(project, 'server.mts'), port)
  await expect.poll(() => status.textContent(), { timeout: 20_000 }).toBe('open')
})

const samples: readonly [section: string, component: string, works: (page: Page) => Promise<void>][] = [
  [
    'live-data',
    'Prices',
    async (page) => expect.poll(() => page.getByRole('listitem').count(), { timeout: 20_000 }).toBe(20),
  ],
  [
    'model-answer',
    'Assistant',
    async (page) => {
      await page.getByRole('button', { name: 'Ask' }).click()
      await page.getByText('Because short waves scatter more.').waitFor({ timeout: 20_000 })
    },
  ],
  [
    'resumable-upload',
    'Files',
    async (page) => {
      const buffer = Buffer.alloc(300_000, 'light')
      await page.locator('input').setInputFiles({ name: 'tower.txt', mimeType: 'text/plain', buffer })
      await page.getByText('tower.txt').filter({ hasText: 'done' }).waitFor({ timeout: 20_000 })
    },
  ],
]

for (const [section, component, works] of samples) {
  part(`the README sample under ${section} works in a page that Vite has built`, async () => {
    const project = await installPrinted(START)
    addPrintedFiles(project, START)
    const code = examplesIn(read('README.md')).find((example) => example.section === section)?.code ?? ''
    writeFileSync(join(project, 'sample.tsx'), code)
    changeFile(join(project, 'main.tsx'), (main) =>
      main.replaceAll('Prices', component).replace('./prices', './sample'),
    )
    await run(
      process.execPath,
      [join(project, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
      project,
    )
    const { url, close } = await serveConsumer(join(project, 'dist'), serveReadme())
    onTestFinished(close)
    await works(await openPage(url))
  })
}

part('the server of the README serves two clients, and both receive the same', async () => {
  const project = await installPrinted('README.md')
  const port = await freePort()
  for (const { code } of examplesIn(read('README.md'))) {
    const [, name] = /^\/\/ (\w+)\.ts: /.exec(code) ?? []
    if (name !== undefined) writeFileSync(join(project, `${name}.mts`), code.replaceAll('3000', String(port)))
  }
  await startServer(join(project, 'server.mts'), port)
  // A client reads until it is ended.
  const script = `import('./client.mts'); setTimeout(() => process.exit(), 4_500)`
  const client = () => run(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', script], project)
  const [one, other] = (await Promise.all([client(), client()])).map(({ stdout }) => stdout.trim().split('\n'))
  expect(one?.filter((price) => Number(price) > 0).length).toBeGreaterThan(1)
  expect(one?.slice(1).filter((price) => other?.includes(price)).length).toBeGreaterThan(1)
})

part('the Worker of the Cloudflare recipe serves what its route appends', async () => {
  const project = await createProject({ rxwire: tarball, rxjs: '7.8.2', miniflare: '^4', esbuild: '0.28.2' })
  addPrintedFiles(project, 'storybook/docs/recipes/cloudflare.mdx', 'worker.mjs')
  addFiles(project, 'cloudflare')
  const { stdout } = await run(process.execPath, ['run.mjs'], project)
  expect(JSON.parse(stdout)).toEqual({ status: 202, page: [{ item: 7 }], isStreamed: true })
})
