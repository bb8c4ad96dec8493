import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumPath } from '../../test/engines/chromium.ts'
import { takeFrames } from './take-frames.ts'

/**
 * Records the animations of the README: the demo "Break it" while the server is down, until the lost messages are counted.
 * Needs `img2webp` (Debian package `webp`) and a running `npm start`: `node storybook/docs/record-break-it.ts`, followed by
 * the address if it is not the default.
 */
const [, , url = 'http://127.0.0.1:6006'] = process.argv
const FRAME_MS = 250
const FRAMES = 84
/** Which key is pressed before which frame. */
const keys: Readonly<Record<number, string>> = { 10: '3' }

const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] })
for (const colorScheme of ['light', 'dark'] as const) {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-frames-'))
  const page = await browser.newPage({ viewport: { width: 980, height: 580 }, colorScheme })
  await page.goto(`${url}/iframe.html?id=break-it--demo&viewMode=story`)
  await page.getByLabel('rxwire', { exact: true }).waitFor()
  // The drawer with the code is below the picture.
  await page.addStyleTag({ content: '.drawer { display: none !important }' })
  await page.waitForTimeout(3_000)
  const frames = await takeFrames(page, folder, { count: FRAMES, everyMs: FRAME_MS }, async (n) => {
    const key = keys[n]
    if (key !== undefined) await page.keyboard.press(key)
  })
  await page.close()
  const target = join(import.meta.dirname, `break-it-${colorScheme}.webp`)
  execFileSync('img2webp', [
    '-loop',
    '0',
    '-d',
    String(FRAME_MS),
    '-lossy',
    '-q',
    '50',
    '-m',
    '6',
    ...frames,
    '-o',
    target,
  ])
  rmSync(folder, { recursive: true })
}
await browser.close()
