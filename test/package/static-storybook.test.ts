import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import axe from 'axe-core'
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

it('plays every story of a built Storybook without a server, or a recording of it', async () => {
  const left = stories()
  const wrong: Record<string, readonly string[]> = {}
  const titles: Record<string, Set<string>> = {}
  const asked: string[] = []
  const context = await openContext(asked)
  const visit = async () => {
    const page = await openPage(context)
    const errors: string[] = []
    page.on('pageerror', ({ message }) => errors.push(message))
    for (let story = left.shift(); story !== undefined; story = left.shift()) {
      errors.push(...(await play(page, story.id)))
      if (errors.length > 0) wrong[story.id] = errors.splice(0)
      const notice = await page.evaluate(() => document.querySelector('[role=note]')?.textContent ?? 'without a notice')
      if (notice.startsWith('This is a recording') && !(await playsRecording(page))) wrong[story.id] = ['no recording']
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
      "This is a recording, because the demo needs its server. Run npm start to see it live.": [
        "Chat/Backpressure",
        "Chat/Half-open connection",
        "Files/Resumable upload",
        "Files/Upload and download progress",
        "Live data/Across tabs",
        "Live data/Ten thousand a second",
        "Live data/Two servers",
        "Model answer/Markdown, tools and reloads",
        "Requests/Another origin",
        "Requests/JSONP",
        "Requests/useFetch",
      ],
      "This page has no server: its requests are answered within the page. Run npm start to see it live.": [
        "Break it",
        "Chat/Close codes",
        "Chat/Long polling",
        "Chat/WebSocket",
        "Live data/Frameworks",
        "Live data/Live feed",
        "Live data/Polling",
        "Live data/Shared connections",
        "Live data/States of a hook",
        "Live data/TanStack Query",
        "Model answer/Interrupted answers",
        "React/Activity and Suspense",
        "React/Hidden, frozen and offline pages",
      ],
      "without a notice": [
        "Panels/All of them",
      ],
    }
  `)
}, 180_000)

it('plays a recording in the tab of a demo that needs the demo server', async () => {
  const context = await openContext()
  const page = await context.newPage()
  await page.goto(`${url}/iframe.html?viewMode=story&id=break-it--demo&args=tab:Upload`)
  await page.locator('video').waitFor()
  expect(await playsRecording(page)).toBe(true)
  await context.close()
}, 60_000)

function playsRecording(page: Page): Promise<boolean> {
  return page.locator('video').evaluate(async (video: HTMLVideoElement) => {
    const moves = new Promise((resolve) =>
      video.addEventListener('timeupdate', () => video.currentTime > 0 && resolve(1)),
    )
    return video.play().then(
      () => moves.then(() => true),
      () => false,
    )
  })
}

/**
 * What is left out: the devtools of TanStack Query, which are not ours, and the frames with a story in a page. Each story is
 * checked by itself, and a frame may load before or after the check of its page.
 */
const OTHERS = ['.tsqd-parent-container', 'iframe']

it.each(['light', 'dark'] as const)(
  'has no accessibility violation on any page or in any story, %s',
  async (theme) => {
    const left = entries().sort((a, b) => a.id.localeCompare(b.id))
    expect(left.filter(({ type }) => type === 'docs').length).toBeGreaterThan(40)
    const wrong: Record<string, readonly string[]> = {}
    const context = await openContext()
    await context.addInitScript(axe.source)
    const visit = async () => {
      const page = await context.newPage()
      for (let entry = left.shift(); entry !== undefined; entry = left.shift()) {
        await show(page, entry, theme)
        const found = await violations(page)
        if (found.length > 0) wrong[entry.id] = found
      }
      await page.close()
    }
    await Promise.all(Array.from({ length: PAGES }, visit))
    await context.close()
    expect(wrong).toEqual({})
  },
  400_000,
)

async function show(page: Page, { id, type }: StoryEntry, theme: string): Promise<void> {
  const viewMode = type === 'docs' ? 'docs' : 'story'
  await page.goto(`${url}/iframe.html?viewMode=${viewMode}&id=${id}&globals=theme:${theme}`)
  await page.waitForSelector(type === 'docs' ? '#docs-text h1' : '#storybook-root .stage *', { state: 'attached' })
  await page.waitForFunction(() => !document.body.classList.contains('sb-show-preparing-story'))
}

/** Returns each violation with its rule, the first elements and what is wrong with them. */
function violations(page: Page): Promise<readonly string[]> {
  return page.evaluate(async (exclude) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
      exclude: exclude.map((selector) => [selector]),
    })
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
    )
  }, OTHERS)
}

it('turns a page dark without a reload when the theme changes', async () => {
  const context = await openContext()
  const page = await context.newPage()
  await page.goto(`${url}/index.html?path=/docs/docs-start--docs&globals=theme:light`)
  const preview = page.frameLocator('#storybook-preview-iframe')
  await preview.locator('#docs-text h1').waitFor()
  const background = () =>
    preview.locator('.sbdocs-wrapper').evaluate((element) => {
      element.ownerDocument.documentElement.dataset['isFirst'] = 'true'
      return getComputedStyle(element).backgroundColor
    })
  expect(await background()).toBe('rgb(255, 255, 255)')
  await page.evaluate(() => {
    const { __STORYBOOK_ADDONS_CHANNEL__: channel } = globalThis as unknown as Heard
    channel.emit('updateGlobals', { globals: { theme: 'dark' } })
  })
  await expect.poll(background).toBe('rgb(14, 17, 22)')
  expect(await preview.locator('html[data-is-first]').count()).toBe(1)
  await context.close()
}, 60_000)

it.each([
  ['openai', /language-model|api-models|recipes/],
  ['nginx', /many-machines|development-proxies|recipes/],
  ['503', /reconnecting|errors|faq/],
  ['useWebSocket', /api-react-hooks--docs#usewebsocket/],
])(
  'finds the page about %s first, also below another path',
  async (query, expected) => {
    const context = await openContext()
    const page = await context.newPage()
    await page.goto(`${url}${BELOW}/index.html?path=/docs/docs-start--docs`)
    const preview = page.frameLocator('#storybook-preview-iframe')
    await preview.locator('#docs-text h1').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(query)
    const first = preview.locator('.docs-results a').first()
    expect(await first.getAttribute('href')).toMatch(expected)
    const { hash } = new URL((await first.getAttribute('href')) ?? '', url)
    await first.click()
    await page.waitForURL(/path=\/docs\/(?!docs-start)/)
    expect(new URL(page.url()).pathname.startsWith(`${BELOW}/`)).toBe(true)
    await preview.locator(hash === '' ? '#docs-text h1' : hash).waitFor()
    await context.close()
  },
  60_000,
)

/** A path below which a server may have the built Storybook. */
const BELOW = '/some/path'

/** A context in which only the built files are served. Other requests are recorded and aborted. */
async function openContext(asked: string[] = []): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: 'reduce' })
  await context.route('**/*', (route) => {
    const { origin, pathname } = new URL(route.request().url())
    const path = join(folder, pathname.replace(new RegExp(`^${BELOW}`), '').replace(/\/$/, '/index.html'))
    if (origin === url && existsSync(path)) return route.fulfill({ path })
    asked.push(route.request().url())
    return route.abort()
  })
  return context
}

interface StoryEntry {
  readonly id: string
  readonly title: string
  readonly type: string
}

function entries(): StoryEntry[] {
  const index: { entries: Record<string, StoryEntry> } = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'))
  return Object.values(index.entries)
}

function stories(): StoryEntry[] {
  return entries().filter(({ type }) => type === 'story')
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
