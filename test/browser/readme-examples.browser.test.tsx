import { sections } from 'virtual:readme/sections'
import { render, screen } from '@testing-library/react'
import { expect, it, onTestFinished, vi } from 'vitest'

/** Captures console output. Returns what was printed so far. */
function listen(): () => readonly unknown[] {
  const info = vi.spyOn(console, 'info').mockImplementation(() => {})
  onTestFinished(() => info.mockRestore())
  return () => info.mock.calls.map(([printed]) => printed)
}

it('tests every example of the README', () => {
  // A test in Node runs the server and the client of the first section.
  expect(sections).toEqual(['a-live-feed', 'a-live-feed', 'in-react', 'anywhere-else', 'a-websocket'])
})

it('shows the prices of a feed in React', async () => {
  const { Prices } = await import('virtual:readme/in-react')
  render(<Prices />)
  const list = screen.getByRole('list')
  await expect.poll(() => list.getAttribute('aria-busy')).toBe('false')
  await expect.poll(() => list.children.length).toBe(20)
  for (const { textContent } of list.children) expect(Number(textContent)).toBeGreaterThan(0)
})

it('receives a feed outside of React', async () => {
  const printed = listen()
  await import('virtual:readme/anywhere-else')
  await expect.poll(printed).toContainEqual(expect.stringMatching(/^{"n":\d+,"price":[\d.]+}$/))
})

it('sends and receives a message over a WebSocket', async () => {
  const printed = listen()
  await import('virtual:readme/a-websocket')
  await expect.poll(printed).toContain('hello')
})
