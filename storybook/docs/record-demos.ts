import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Locator, type Page } from 'playwright'
import { chromiumPath } from '../../test/engines/chromium.ts'
import { takeFrames } from './take-frames.ts'

/**
 * Records the demos that need the demo server, for the built Storybook. Needs `ffmpeg` and a running `npm start`:
 * `node storybook/docs/record-demos.ts [--url http://127.0.0.1:6006] [name…]`. Without names it records all.
 */
interface Recording {
  /** The story, and what its address may contain. Default: `<name>--demo`. */
  readonly story?: string
  readonly height: number
  /** What happens before which frame. */
  readonly acts?: Readonly<Record<number, (page: Page) => Promise<unknown>>>
}

const FRAME_MS = 350
const FRAMES = 40
const WIDTH = 960

// Clicks that do not scroll the page.
const click = (element: Locator) => element.evaluate((button: HTMLElement) => button.click())
const press = (name: string) => (page: Page) => click(page.getByRole('button', { name }).first())
const pressAll = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).evaluateAll((buttons: HTMLElement[]) => {
    for (const button of buttons) button.click()
  })
const choose = (name: string) => (page: Page) => click(page.getByLabel(name, { exact: true }))

const recordings: Readonly<Record<string, Recording>> = {
  'break-it-upload': {
    story: 'break-it--demo&args=tab:Upload',
    height: 720,
    acts: { 8: (page) => page.keyboard.press('1'), 20: (page) => page.keyboard.press('3') },
  },
  'chat-backpressure': { height: 720, acts: { 14: choose('not at all'), 26: choose('5 MB/s') } },
  'chat-half-open-connection': { height: 720, acts: { 6: press('Stop both connections silently') } },
  'files-resumable-upload': {
    height: 860,
    acts: { 2: press('Upload three files'), 7: press('Pause'), 12: press('Cut the connections'), 16: press('Resume') },
  },
  'files-upload-and-download-progress': { height: 720, acts: { 3: pressAll('Start') } },
  'live-data-across-tabs': { height: 860, acts: { 12: press('Crash') } },
  'live-data-ten-thousand-a-second': { height: 860 },
  'live-data-two-servers': { height: 860, acts: { 8: press('Kill the server of this page') } },
  'model-answer-markdown-tools-and-reloads': {
    height: 860,
    acts: { 2: press('Ask for the tides'), 7: press('Cut the connection'), 20: press('Reload') },
  },
  'requests-another-origin': { height: 720, acts: { 12: choose('not allowed'), 24: choose('with cookies') } },
  'requests-jsonp': { height: 720, acts: { 12: press('Let the script into the page') } },
  'requests-usefetch': { height: 860, acts: { 14: press('Take both away'), 18: press('Show both again') } },
}

const [first, second, ...others] = process.argv.slice(2)
const url = first === '--url' && second !== undefined ? second : 'http://127.0.0.1:6006'
const named = first === '--url' ? others : process.argv.slice(2)
const target = join(import.meta.dirname, '../stand-in/recordings')
mkdirSync(target, { recursive: true })

const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
for (const [name, { story = `${name}--demo`, height, acts = {} }] of Object.entries(recordings)) {
  if (named.length > 0 && !named.includes(name)) continue
  for (const colorScheme of ['light', 'dark'] as const) {
    const folder = mkdtempSync(join(tmpdir(), 'rxwire-frames-'))
    const page = await browser.newPage({ viewport: { width: WIDTH, height }, colorScheme })
    await page.goto(`${url}/iframe.html?id=${story}&viewMode=story`)
    await page.locator('.stage').waitFor({ timeout: 120_000 })
    await page.waitForFunction(() => !document.body.classList.contains('sb-show-preparing-story'))
    // The code and the guide belong to the page around the recording.
    await page.addStyleTag({ content: '.drawer, [aria-label="Demo and code"], .guide { display: none !important }' })
    await page.waitForTimeout(2_000)
    await takeFrames(page, folder, { count: FRAMES, everyMs: FRAME_MS }, (n) => acts[n]?.(page))
    console.info(`${name}, ${colorScheme}`)
    await page.close()
    encode(folder, join(target, `${name}-${colorScheme}.webm`))
    rmSync(folder, { recursive: true })
  }
}
await browser.close()

function encode(folder: string, file: string): void {
  const input = ['-framerate', String(1_000 / FRAME_MS), '-i', join(folder, '%03d.png')]
  const codec = [
    '-c:v',
    'libvpx-vp9',
    '-crf',
    '38',
    '-b:v',
    '0',
    '-pix_fmt',
    'yuv420p',
    '-deadline',
    'good',
    '-row-mt',
    '1',
  ]
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', ...input, ...codec, file])
}
