import { act, cleanup, render, screen } from '@testing-library/react'
import { Activity, type ReactNode, StrictMode, useState } from 'react'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Backend, backend } from '../backend.ts'
import { AnswerPage, runAt } from './answer-page.tsx'
import { expectText, hasActivity } from './support.tsx'

afterEach(cleanup)

const WORDS = 120
const whole = Array.from({ length: WORDS }, (_, index) => `${index + 1} `).join('')

/** The URL of the answers of a test, and its own id. */
function answers(server: Backend, query: Record<string, number> = {}) {
  return { url: server.url('/runs/:runId', { words: WORDS, everyMs: 10, ...query }), id: server.key }
}

/** How many requests the server has received, by method. */
async function requests(server: Backend): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { method } of (await server.stats()).seen) counts[method] = (counts[method] ?? 0) + 1
  return counts
}

/** A page in a frame, which can be reloaded. */
function framed({ url, id }: ReturnType<typeof answers>) {
  const frame = document.createElement('iframe')
  Object.assign(frame.dataset, { url, id })
  frame.srcdoc = `<script type="module" src="${new URL('./answer-frame.tsx', import.meta.url)}"></script>`
  document.body.append(frame)
  onTestFinished(() => {
    frame.remove()
    sessionStorage.clear()
  })
  const inside = (selector: string) => frame.contentDocument?.querySelector<HTMLElement>(selector)
  return {
    frame,
    text: () => inside('output')?.textContent ?? '',
    press: async (name: string) => {
      await expect.poll(() => inside('button')).toBeTruthy()
      const buttons = [...(frame.contentDocument?.querySelectorAll('button') ?? [])]
      buttons.find(({ textContent }) => textContent?.startsWith(name))?.click()
    },
    reload: async () => {
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
      frame.contentWindow?.location.reload()
      await loaded
    },
  }
}

const press = (name: string) => act(() => screen.getByText(name).click())

describe('useRun', () => {
  it('delivers every word once when the page is reloaded during the answer, and starts it once', async () => {
    const server = backend()
    const page = framed(answers(server))
    await page.press('start')
    for (const word of ['|1 2 3 ', ' 30 ', ' 60 ']) {
      await expect.poll(page.text).toContain(word)
      await page.reload()
    }
    await expect.poll(page.text).toBe(`closed|${whole}|undefined`)
    expect((await requests(server))['POST']).toBe(1)
    await page.reload()
    await expect.poll(page.text).toBe(`closed|${whole}|undefined`)
  })

  it('does not attach after a reload that follows a stop', async () => {
    const server = backend()
    const page = framed(answers(server, { words: 10_000 }))
    await page.press('start')
    await expect.poll(page.text).toContain('|1 2 3 ')
    await page.press('stop')
    await expect.poll(page.text).toMatch(/^closed/)
    const stopped = page.text()
    await expect.poll(async () => (await requests(server))['DELETE']).toBe(1)
    const { GET: reads } = await requests(server)
    await page.reload()
    await expect.poll(page.text).toBe(stopped)
    expect(await requests(server)).toMatchObject({ GET: reads, POST: 1, DELETE: 1 })
    await server.expectNoConnections()
  })

  it('detaches while it is unmounted, and attaches for another component where it was', async () => {
    const server = backend()
    const { url, id } = answers(server)
    const run = runAt(url)
    let show = (_: boolean) => {}
    function Site() {
      const [isShown, setShown] = useState(true)
      show = setShown
      return isShown ? <AnswerPage run={run} id={id} /> : null
    }
    render(<Site />, { wrapper: StrictMode })
    press('start answer')
    await expectText('answer', '|1 2 3 ')
    act(() => show(false))
    await server.expectNoConnections()
    act(() => show(true))
    await expectText('answer', `closed|${whole}|undefined`)
    expect(await requests(server)).toMatchObject({ GET: 2, POST: 1 })
    expect((await requests(server))['DELETE']).toBeUndefined()
  })

  it.runIf(hasActivity)('detaches while Activity hides it', async () => {
    const server = backend()
    const { url, id } = answers(server)
    const run = runAt(url)
    const site = (mode: 'visible' | 'hidden'): ReactNode => (
      <Activity mode={mode}>
        <AnswerPage run={run} id={id} />
      </Activity>
    )
    const { rerender } = render(site('visible'))
    press('start answer')
    await expectText('answer', '|1 2 3 ')
    rerender(site('hidden'))
    await server.expectNoConnections()
    rerender(site('visible'))
    await expectText('answer', `closed|${whole}|undefined`)
    expect((await requests(server))['POST']).toBe(1)
  })

  it('delivers every word once when its connection is cut', async () => {
    const server = backend()
    const proxy = await server.proxy()
    const url = proxy.url('/runs/:runId', { words: WORDS, everyMs: 10 })
    render(<AnswerPage run={runAt(url)} id={server.key} />, { wrapper: StrictMode })
    press('start answer')
    await expectText('answer', '|1 2 3 ')
    await proxy.order({ cut: true })
    await expectText('answer', `closed|${whole}|undefined`)
    expect((await requests(server))['POST']).toBe(1)
  })

  it('shares one connection and one answer between components of the same id', async () => {
    const server = backend()
    const { url, id } = answers(server)
    const run = runAt(url)
    render(
      <>
        <AnswerPage run={run} id={id} label="one" />
        <AnswerPage run={run} id={id} label="other" />
      </>,
      { wrapper: StrictMode },
    )
    press('start one')
    await expectText('one', `closed|${whole}|undefined`)
    await expectText('other', `closed|${whole}|undefined`)
    expect(await requests(server)).toMatchObject({ GET: 1, POST: 1 })
  })

  it('shows what the provider said during the answer, and attaches no more', async () => {
    const server = backend()
    const { url, id } = answers(server, { errorAfter: 5 })
    render(<AnswerPage run={runAt(url)} id={id} />, { wrapper: StrictMode })
    press('start answer')
    await expectText('answer', 'failed|1 2 3 4 5 |closed')
    expect(await requests(server)).toMatchObject({ GET: 1, POST: 1 })
  })
})
