import { setImmediate, setTimeout } from 'node:timers/promises'
import { feedServers } from './contenders.ts'
import { type FeedOrder, feedItem } from './order.ts'

// A server of the benchmark as a program, started with --expose-gc: `node main.ts <contender>`. It says its address
// first, and answers each order when it is done.
const start = feedServers[process.argv[2] ?? '']
if (start === undefined) throw new Error(`Unknown contender: ${process.argv[2]}`)
const server = await start()
process.on('disconnect', () => process.exit())
process.on('message', async (order: FeedOrder) => process.send?.(await carryOut(order)))
process.send?.(server.url)

/** Carries out an order. Resolves with the memory in use for `memory`, otherwise with 0. */
async function carryOut(order: FeedOrder): Promise<number> {
  switch (order.type) {
    case 'append':
      // Each item in a turn of its own: items that are appended together could be sent together.
      for (let n = 0; n < order.count; n += 1) {
        await server.append(feedItem(order.bytes))
        await (order.everyMs === undefined ? setImmediate() : setTimeout(order.everyMs))
      }
      return 0
    case 'memory': {
      // Sockets that are closing, and buffers that are about to be freed.
      await setTimeout(200)
      globalThis.gc?.()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
  }
}
