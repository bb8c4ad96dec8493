import { render, screen } from '@testing-library/react'
import { net } from './net.ts'
import { Price } from './price.tsx'

test('the price updates again after a lost connection', async () => {
  const feed = net.log('/ticks')
  render(<Price />)
  feed.send({ price: 3 })
  await net.advance(100)
  feed.cut()
  await net.advance(100)
  expect(screen.getByRole('status').textContent).toBe('waiting: 3')
  feed.send({ price: 4 })
  await net.advance(5_000)
  expect(screen.getByRole('status').textContent).toBe('open: 4')
  expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: expect.any(Number), cursor: '1' }])
})
