import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fromFetchStream, ndjson, toAsyncIterable } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'

const MIB = 1024 * 1024

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function heapBytes(): number {
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

describe('toAsyncIterable of fromFetchStream', () => {
  it('reads a gigabyte in a million rows with bounded memory', { timeout: 180_000 }, async () => {
    const server = backend()
    const count = 1_000_000
    const before = heapBytes()
    let taken = 0
    let mostAhead = 0
    let mostHeap = 0
    const url = server.url('/stream/ndjson', { count, pad: 1_000 })
    for await (const { n } of toAsyncIterable(fromFetchStream(url, { decode: ndjson<{ n: number }>() }))) {
      taken += 1
      if (n !== taken) throw new Error(`row ${n} came as the ${taken}th`)
      if (taken % 50_000 !== 0) continue
      mostAhead = Math.max(mostAhead, (await server.stats()).written - taken)
      mostHeap = Math.max(mostHeap, heapBytes() - before)
    }
    expect(taken).toBe(count)
    expect((await server.stats()).written).toBe(count)
    // The rows that the server is ahead are in the buffers of the sockets.
    expect(mostAhead).toBeLessThan(50_000)
    expect(mostHeap).toBeLessThan(100 * MIB)
    expect(heapBytes() - before).toBeLessThan(100 * MIB)
  })
})
