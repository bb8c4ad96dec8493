import { sections } from 'virtual:readme/sections'
import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'

it('tests every example of the README', () => {
  // A test in Node runs the server and the client of the last section.
  const feed = 'a-live-feed-and-its-server'
  expect(sections).toEqual(['live-data', 'model-answer', 'resumable-upload', feed, feed])
})

it('the example of live data shows the last 20 prices', async () => {
  const { Prices } = await import('virtual:readme/live-data')
  render(<Prices />)
  await expect.poll(() => screen.getByRole('status').textContent).toBe('open')
  await expect.poll(() => screen.getByRole('list').children.length).toBe(20)
  for (const { textContent } of screen.getByRole('list').children) expect(Number(textContent)).toBeGreaterThan(0)
})

it('the example of a model answer shows the whole answer', async () => {
  const { Assistant } = await import('virtual:readme/model-answer')
  const { container } = render(<Assistant />)
  fireEvent.click(screen.getByRole('button', { name: 'Ask' }))
  await expect.poll(() => container.querySelector('p')?.textContent).toBe('Because short waves scatter more.')
  expect(screen.queryByRole('alert')).toBeNull()
})

it('the example of a resumable upload uploads a file', async () => {
  const { Files } = await import('virtual:readme/resumable-upload')
  const { container } = render(<Files />)
  const files = [new File(['light'.repeat(1_000)], 'tower.txt')]
  fireEvent.change(container.querySelector('input') ?? container, { target: { files } })
  await expect.poll(() => container.querySelector('p')?.textContent).toContain('tower.txt  done')
})
