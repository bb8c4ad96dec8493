import { type DurableStreamOptions, fromDurableStream } from 'rxwire'
import { expect, onTestFinished } from 'vitest'
import { quick } from '../quick.ts'
import { startReferenceServer } from '../server/durable-streams.ts'
import { startProxy } from '../server/proxy.ts'
import { seededRandom } from '../server/random.ts'
import { followNumbers } from './follow-numbers.ts'

// The head of a response alone has about 600 bytes.
const MAX_BYTES = 1_500
// What is missing after a cut has to fit into a connection.
const MAX_LEAD = 20

/** The ways to follow a stream that are cut. */
export const cutModes: readonly NonNullable<DurableStreamOptions<number>['live']>[] = ['auto', 'sse', 'long-poll']

/**
 * Follows a stream of the reference server through connections that are cut at random bytes, while numbers are appended.
 * Expects every number once and in order, and the end of the stream.
 */
export async function expectAllThroughCuts(
  live: NonNullable<DurableStreamOptions<number>['live']>,
  cuts: number,
  seed: number,
): Promise<void> {
  const server = await startReferenceServer()
  const proxy = await startProxy(server.port)
  onTestFinished(() => proxy.close())
  const stream = await server.create('/numbers')
  const random = seededRandom(seed)
  proxy.cutAtRandom({ times: cuts, minBytes: 1, maxBytes: MAX_BYTES, seed })
  const url = new URL(stream.url)
  url.port = String(proxy.port)
  const wire = fromDurableStream(url, { live, decode: Number, reconnect: quick })
  const session = followNumbers(`fromDurableStream (${live})`, wire, Number.POSITIVE_INFINITY)
  let written = 0
  while (proxy.cuts < cuts) {
    const size = 1 + Math.floor(random() * MAX_LEAD)
    await stream.append(JSON.stringify(Array.from({ length: size }, (_, index) => written + index + 1)))
    written += size
    await session.until(written - MAX_LEAD / 2)
  }
  await stream.close()
  expect(await session.ended).toBe(written)
  expect(proxy.cuts).toBe(cuts)
}
