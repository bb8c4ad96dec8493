import { describe, expect, it } from 'vitest'
import { Chunks } from '../../../../src/transports/upload/chunks.ts'

const KIB = 1024
const MIB = 1024 * KIB

function blobOf(bytes: number): Blob {
  return new Blob([new Uint8Array(bytes)])
}

describe('Chunks', () => {
  it('returns the whole rest of the file by default', () => {
    const chunks = new Chunks(blobOf(10))
    expect([0, 4, 10].map((offset) => chunks.from(offset).size)).toEqual([10, 6, 0])
  })

  it('returns chunks of the given size and a smaller last one', () => {
    const chunks = new Chunks(blobOf(10), 4)
    expect([0, 4, 8].map((offset) => chunks.from(offset).size)).toEqual([4, 4, 2])
  })

  it('counts only a new maximum as progress', () => {
    const chunks = new Chunks(blobOf(10))
    expect([0, 4, 0, 4, 5].map((bytes) => chunks.acknowledge(bytes))).toEqual([true, true, false, false, true])
  })

  it('never returns a chunk of less than one byte', () => {
    expect(new Chunks(blobOf(10), 0.5).from(0).size).toBe(1)
  })

  it('starts a chunk at the given offset', async () => {
    const chunks = new Chunks(new Blob(['0123456789']), 4)
    expect(await chunks.from(3).text()).toBe('3456')
  })

  it('halves the chunk size after a 413, down to 256 KiB', () => {
    const file = blobOf(MIB)
    const chunks = new Chunks(file)
    const shrunk = Array.from({ length: 3 }, () => [chunks.shrink(chunks.from(0)), chunks.from(0).size])
    expect(shrunk).toEqual([
      [true, 512 * KIB],
      [true, 256 * KIB],
      [false, 256 * KIB],
    ])
  })

  it('returns chunks of at most 8 MiB after the whole file was too large', () => {
    const chunks = new Chunks(blobOf(40 * MIB))
    expect(chunks.shrink(chunks.from(0))).toBe(true)
    expect(chunks.from(0).size).toBe(8 * MIB)
  })

  it('does not shrink below the given chunk size', () => {
    const chunks = new Chunks(blobOf(MIB), 1_000)
    expect(chunks.shrink(chunks.from(0))).toBe(false)
    expect(chunks.from(0).size).toBe(1_000)
  })

  it('never decreases the number of sent bytes', () => {
    const chunks = new Chunks(blobOf(10))
    expect([3, 5, 4, 0, 6].map((bytes) => chunks.sent(bytes))).toEqual([3, 5, 5, 5, 6])
  })
})
