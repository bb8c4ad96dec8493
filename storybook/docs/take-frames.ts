import { join } from 'node:path'
import type { Page } from 'playwright'

/**
 * Takes pictures of a page at a steady pace. Returns their paths.
 *
 * @param act Runs before each picture.
 */
export async function takeFrames(
  page: Page,
  folder: string,
  { count, everyMs }: { readonly count: number; readonly everyMs: number },
  act: (frame: number) => Promise<unknown> | undefined,
): Promise<string[]> {
  const frames: string[] = []
  const startedAtMs = Date.now()
  for (let n = 0; n < count; n += 1) {
    await act(n)
    const path = join(folder, `${String(n).padStart(3, '0')}.png`)
    await page.screenshot({ path })
    frames.push(path)
    await page.waitForTimeout(Math.max(0, startedAtMs + (n + 1) * everyMs - Date.now()))
  }
  return frames
}
