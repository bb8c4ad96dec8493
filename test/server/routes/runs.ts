import { type Log, memoryLogs, serveLogs, toNode } from '../../../adapters/server/index.ts'
import { sleep } from '../event-stream.ts'
import { type RecordedChunk, tides, wordsOf } from '../recorded-answers.ts'
import { PREFIX, type Scenario } from '../scenario.ts'

const logs = memoryLogs({ maxItems: 10_000 })
const read = toNode(serveLogs(logs, { base: `${PREFIX}/runs`, start: 'earliest', retryMs: 10 }))

/** How to stop the answers that are being produced. */
const producing = new Map<string, AbortController>()

/**
 * Answers that are produced whether a client reads them or not. POST starts one, a GET reads it, DELETE stops it. It has
 * `?words=`, or is recorded, one chunk every `?everyMs=`. After `?errorAfter=` chunks the model reports that it is overloaded.
 */
export const runs: Scenario = {
  path: '/runs',
  isFolder: true,
  async serve({ request, response, query }) {
    const path = URL.parse(request.url ?? '', 'http://localhost')?.pathname ?? ''
    const name = decodeURIComponent(path.slice(`${PREFIX}/runs/`.length))
    if (request.method === 'POST') {
      if (producing.has(name)) {
        response.writeHead(409).end()
        return
      }
      const stop = new AbortController()
      producing.set(name, stop)
      const chunks = query.has('words') ? wordsOf(Number(query.get('words'))) : tides
      const errorAfter = Number(query.get('errorAfter') ?? Number.POSITIVE_INFINITY)
      produce(logs.open(name), withError(chunks, errorAfter), Number(query.get('everyMs') ?? 0), stop.signal)
      response.writeHead(202).end()
    } else if (request.method === 'DELETE') {
      producing.get(name)?.abort()
      response.writeHead(204).end()
    } else await read(request, response)
  },
}

function withError(chunks: readonly RecordedChunk[], after: number): readonly RecordedChunk[] {
  return after < chunks.length ? [...chunks.slice(0, after), { type: 'error', errorText: 'Overloaded' }] : chunks
}

/** Appends the chunks to the log of the answer, and closes it. */
async function produce(
  log: Log<RecordedChunk>,
  chunks: readonly RecordedChunk[],
  everyMs: number,
  signal: AbortSignal,
) {
  for (const chunk of chunks) {
    if (signal.aborted) break
    await log.append([chunk])
    if (everyMs > 0) await sleep(everyMs)
  }
  if (signal.aborted) await log.append([{ type: 'abort', reason: 'stopped' }])
  await log.close()
}
