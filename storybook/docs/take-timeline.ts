import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumPath } from '../../test/engines/chromium.ts'

/**
 * Takes the pictures of the README: the live feed after a cut, a 503 and a while offline. With `npm start` running:
 * `node storybook/docs/take-timeline.ts`, and behind it the address if it is another one.
 */
const [, , url = 'http://127.0.0.1:6006'] = process.argv

const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
const page = await browser.newPage({ viewport: { width: 940, height: 1_000 }, deviceScaleFactor: 2 })
await page.goto(`${url}/iframe.html?id=server-sent-events-live-feed--live&viewMode=story`)
// The buttons and the log are to be used, not to be looked at.
await page.addStyleTag({ content: 'section:has(> .switches), .log { display: none !important }' })
await liveFor(4_500)
await press('Cut the connection')
await until('waiting')
await liveFor(1_500)
await press('Server down 4 s')
await until('waiting')
await liveFor(1_500)
await press('Go offline')
await until('waiting')
await page.waitForTimeout(1_500)
await press('Go online')
await liveFor(3_000)
for (const theme of ['light', 'dark']) {
  await page.evaluate((shown) => {
    document.documentElement.dataset['theme'] = shown
  }, theme)
  await page.locator('.card').screenshot({ path: join(import.meta.dirname, `timeline-${theme}.png`) })
}
await browser.close()

async function liveFor(ms: number): Promise<void> {
  await until('open')
  await page.waitForTimeout(ms)
}

/** As a person would, but also where it cannot be seen. */
async function press(name: string): Promise<void> {
  await page.getByRole('button', { name, includeHidden: true }).dispatchEvent('click')
}

async function until(connection: string): Promise<void> {
  await page.getByLabel('Connection').filter({ hasText: connection }).waitFor({ timeout: 60_000 })
}
