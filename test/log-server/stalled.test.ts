import { expect, it } from 'vitest'
import { growthWithStalledReaders } from './stalled.ts'

it('the memory of a server stays bounded with 20 readers that read nothing', async () => {
  const growth = await growthWithStalledReaders({ readers: 20, mebibytes: 32 })
  // Buffering for each of them would take 640 MiB.
  expect(growth).toBeLessThan(16 * 1_048_576)
})
