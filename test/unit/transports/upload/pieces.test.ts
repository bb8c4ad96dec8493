import { describe, expect, it } from 'vitest'
import { Chunks } from '../../../../src/transports/upload/chunks.ts'

const KIB = 1024
const MIB = 1024 * KIB

function blobOf(bytes: number): Blob {
  return new Blob([new Uint8Array(bytes)])
}

describe('Pieces', () => {
  it('is all that is left, where nothing limits it', () => {
    const chunks = new Chunks(blobOf(10))
    expect([0, 4, 10].map((offset) => chunks.from(offset).size)).toEqual([10, 6, 0])
  })

  it('is of the size that it is told, and the last one of what is left', () => {
    const chunks = new Chunks(blobOf(10), 4)
    expect([0, 4, 8].map((offset) => chunks.from(offset).size)).toEqual([4, 4, 2])
  })

  it('takes for progress only what is further than ever', () => {
    const chunks = new Chunks(blobOf(10))
    expect([0, 4, 0, 4, 5].map((bytes) => chunks.acknowledge(bytes))).toEqual([true, true, false, false, true])
  })

  it('is never of less than a byte', () => {
    expect(new Chunks(blobOf(10), 0.5).from(0).size).toBe(1)
  })

  it('begins where it should', async () => {
    const chunks = new Chunks(new Blob(['0123456789']), 4)
    expect(await chunks.from(3).text()).toBe('3456')
  })

  it('is half as large after one was too large, down to the smallest', () => {
    const file = blobOf(MIB)
    const chunks = new Chunks(file)
    const shrunk = Array.from({ length: 3 }, () => [chunks.shrink(chunks.from(0)), chunks.from(0).size])
    expect(shrunk).toEqual([
      [true, 512 * KIB],
      [true, 256 * KIB],
      [false, 256 * KIB],
    ])
  })

  it('is at most 8 MiB after the whole was too large', () => {
    const chunks = new Chunks(blobOf(40 * MIB))
    expect(chunks.shrink(chunks.from(0))).toBe(true)
    expect(chunks.from(0).size).toBe(8 * MIB)
  })

  it('is not cut below what it was told', () => {
    const chunks = new Chunks(blobOf(MIB), 1_000)
    expect(chunks.shrink(chunks.from(0))).toBe(false)
    expect(chunks.from(0).size).toBe(1_000)
  })

  it('counts how much has been on its way, and never back', () => {
    const chunks = new Chunks(blobOf(10))
    expect([3, 5, 4, 0, 6].map((bytes) => chunks.sent(bytes))).toEqual([3, 5, 5, 5, 6])
  })
})
