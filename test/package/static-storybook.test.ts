import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright'
import { beforeAll, expect, it } from 'vitest'
import { chromiumPath } from '../engines/chromium.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'rxwire-storybook-'))
const url = 'https://storybook.test'
// Each story spends most of its time waiting.
const PAGES = 4

let browser: Browser

beforeAll(async () => {
  const build = ['run', 'build:storybook', '--silent', '--', '--quiet', '--output-dir', folder]
  // Vitest sets NODE_ENV to `test`, and Vite would not build for production with that.
  await promisify(execFile)('npm', build, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } })
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
  return async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}, 120_000)

it('plays every story of a built Storybook without a server, or shows a notice that it needs one', async () => {
  const left = stories()
  const wrong: Record<string, readonly string[]> = {}
  const titles: Record<string, Set<string>> = {}
  const context = await browser.newContext()
  const asked: string[] = []
  // Only the built files are served. Other requests are recorded and aborted.
  await context.route('**/*', (route) => {
    const { origin, pathname } = new URL(route.request().url())
    const path = join(folder, pathname)
    if (origin === url && existsSync(path)) return route.fulfill({ path })
    asked.push(route.request().url())
    return route.abort()
  })
  const visit = async () => {
    const page = await openPage(context)
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    for (let story = left.shift(); story !== undefined; story = left.shift()) {
      errors.push(...(await play(page, story.id)))
      if (errors.length > 0) wrong[story.id] = errors.splice(0)
      const notice = await page.evaluate(() => document.querySelector('[role=note]')?.textContent ?? 'without a notice')
      titles[notice] ??= new Set()
      titles[notice].add(story.title)
    }
    await page.close()
  }
  await Promise.all(Array.from({ length: PAGES }, visit))
  expect(wrong).toEqual({})
  expect(asked).toEqual([])
  const sorted = Object.entries(titles).map(([notice, among]) => [notice, [...among].sort()] as const)
  expect(Object.fromEntries(sorted)).toMatchInlineSnapshot(`
    {
      "Here the routes of the demo server answer within the page, and nothing goes over a network. Run npm start to see it live.": [
        "Fetch/An answer, word by word",
        "Fetch/Chat by long polling",
        "Fetch/Polling",
        "Lifecycle/Supervisor",
        "React/Activity and Suspense",
        "React/Shared connections",
        "Server-Sent Events/Live feed",
        "Server-Sent Events/useEventSource",
        "TanStack Query/Live query",
        "WebSocket/Chat",
        "WebSocket/Close codes",
      ],
      "This demo talks to a real server. Run npm start to see it live.": [
        "Fetch/A model answer",
        "Fetch/Another origin",
        "Fetch/Resumable upload",
        "Fetch/Transfers",
        "Fetch/useFetch",
        "JSONP/Isolation",
        "Lifecycle/Across tabs",
        "React/The firehose",
        "WebSocket/Backpressure",
        "WebSocket/Half-open link",
      ],
      "without a notice": [
        "Panels/All of them",
      ],
    }
  `)
}, 180_000)

interface StoryEntry {
  readonly id: string
  readonly title: string
  readonly type: string
}

function stories(): StoryEntry[] {
  const index: { entries: Record<string, StoryEntry> } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  return Object.values(index.entries).filter(({ type }) => type === 'story')
}

/** The part of the Storybook channel that this test uses. */
interface Channel {
  emit(name: string, what: object): void
  on(name: string, listener: (what: { readonly storyId?: string }) => void): void
}

/** The Storybook events that a page has recorded. */
interface Heard {
  __STORYBOOK_ADDONS_CHANNEL__: Channel
  finished: string
  failures: string[]
}

/** Opens the Storybook preview without a story, and records which stories finish or fail. */
async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${url}/iframe.html?viewMode=story`)
  await page.waitForFunction('__STORYBOOK_PREVIEW__.storyStoreValue !== undefined')
  await page.evaluate(() => {
    const heard = globalThis as unknown as Heard
    const channel = heard.__STORYBOOK_ADDONS_CHANNEL__
    heard.failures = []
    for (const name of [
      'playFunctionThrewException',
      'unhandledErrorsWhilePlaying',
      'storyThrewException',
      'storyMissing',
    ])
      channel.on(name, (what) => heard.failures.push(`${name} ${JSON.stringify(what)}`))
    channel.on('storyFinished', ({ storyId = '' }) => {
      heard.finished = storyId
    })
  })
  return page
}

/** Shows a story until its play function has finished. Returns its failures. */
async function play(page: Page, id: string): Promise<readonly string[]> {
  await page.evaluate((storyId) => {
    const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as unknown as Heard
    channel.emit('setCurrentStory', { storyId, viewMode: 'story' })
  }, id)
  const finished = () => page.evaluate(() => (globalThis as unknown as Heard).finished)
  await expect.poll(finished, { timeout: 60_000, interval: 100 }).toBe(id)
  return page.evaluate(() => (globalThis as unknown as Heard).failures.splice(0))
}
