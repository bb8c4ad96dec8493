import { beginBody } from '../body-stream.ts'
import { beginEventStream, sleep, write } from '../event-stream.ts'
import { refuse } from '../refuse.ts'
import type { Scenario, Visit } from '../scenario.ts'

const BATCH = 20
// A browser silently repeats a request whose connection is cut before the end of its head, so the body is long.
const POLL_BATCH = 50

/**
 * A stream of the Durable Streams protocol with the numbers from 1 to `?count=`, which live requests receive: 20 or 50
 * at a time, or `?batch=` in a poll, one every `?everyMs=`. The offset is the last number. At its end it is closed, or with `?hold` stays open.
 * `?refuse=` refuses as `refuse` says.
 */
export const durableNumbers: Scenario = {
  path: '/durable/numbers',
  async serve(visit) {
    if (refuse(visit)) return
    const live = visit.query.get('live')
    if (live === 'sse') await sendEvents(visit)
    else await sendPage(visit, live === 'long-poll')
  },
}

function parametersOf({ query }: Visit) {
  const count = Number(query.get('count') ?? 100)
  return {
    everyMs: Number(query.get('everyMs') ?? 0),
    offset: Math.max(0, Number(query.get('offset'))),
    count,
    pollBatch: Number(query.get('batch') ?? POLL_BATCH),
    isClosedAt: (offset: number) => offset >= count && !query.has('hold'),
  }
}

async function sendEvents(visit: Visit): Promise<void> {
  const { response } = visit
  const { everyMs, offset, count, isClosedAt } = parametersOf(visit)
  beginEventStream(response)
  let data = ''
  for (let n = offset; ; ) {
    const isClosed = isClosedAt(n)
    const control = { streamNextOffset: `${n}`, streamCursor: 'c', upToDate: n >= count, streamClosed: isClosed }
    if (!(await write(response, `${data}event: control\ndata: ${JSON.stringify(control)}\n\n`))) return
    if (isClosed) response.end()
    if (n >= count) return
    if (everyMs > 0) await sleep(everyMs)
    const end = Math.min(count, n + (everyMs > 0 ? 1 : BATCH))
    data = `event: data\ndata: [${numbersBetween(n, end)}]\n\n`
    n = end
  }
}

/** A page is at the tail wherever it starts, and empty, so that live requests receive the numbers. */
async function sendPage(visit: Visit, isHeld: boolean): Promise<void> {
  const { response } = visit
  const { everyMs, offset, count, pollBatch, isClosedAt } = parametersOf(visit)
  while (isHeld && offset >= count && !isClosedAt(offset) && !response.destroyed) await sleep(20)
  const end = isHeld ? Math.min(count, offset + pollBatch) : offset
  beginBody(response, 'application/json', {
    'stream-next-offset': end,
    'stream-cursor': 'c',
    ...((end >= count || !isHeld) && { 'stream-up-to-date': 'true' }),
    ...(isClosedAt(end) && { 'stream-closed': 'true' }),
  })
  await write(response, '[')
  for (const n of numbersBetween(offset, end)) {
    if (everyMs > 0) await sleep(everyMs)
    if (!(await write(response, n < end ? `${n},` : `${n}`))) return
  }
  response.end(']')
}

function numbersBetween(offset: number, end: number): number[] {
  return Array.from({ length: end - offset }, (_, index) => offset + index + 1)
}
