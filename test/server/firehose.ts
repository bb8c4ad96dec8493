import { sleep } from './event-stream.ts'

const TICK_MS = 4

/** Yields the numbers from 1 on in batches, `?perSecond=` numbers (10,000) per second for `?seconds=` (10). */
export async function* firehose(query: URLSearchParams): AsyncGenerator<readonly number[]> {
  const perSecond = Number(query.get('perSecond') ?? 10_000)
  const count = perSecond * Number(query.get('seconds') ?? 10)
  const startedAtMs = performance.now()
  let n = 0
  while (n < count) {
    await sleep(TICK_MS)
    const due = Math.min(count, Math.floor(((performance.now() - startedAtMs) / 1_000) * perSecond))
    const first = n + 1
    yield Array.from({ length: due - n }, (_, index) => first + index)
    n = due
  }
}
