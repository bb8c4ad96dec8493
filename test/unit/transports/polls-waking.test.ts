import { type FetchLike, fromLongPoll, fromPoll, type Wire } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { record } from '../../record.ts'
import { stubPageForTest } from '../support/page.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

const polls: [string, (fetch: FetchLike) => Wire<unknown>][] = [
  ['fromPoll', (fetch) => fromPoll('http://localhost/state', { fetch, everyMs: 1_000 })],
  ['fromLongPoll', (fetch) => fromLongPoll('http://localhost/state', { fetch })],
]

describe.each(polls)('%s after the page is resumed', (_, connect) => {
  it('keeps a pending request to a slow server', async () => {
    const page = stubPageForTest()
    let asked = 0
    const fetch: FetchLike = () => {
      asked += 1
      if (asked > 1) return new Promise(() => {})
      return Promise.resolve(Response.json({ n: 1 }, { headers: { etag: '"1"' } }))
    }
    const session = record(connect(fetch))
    await vi.advanceTimersByTimeAsync(2_000)
    expect(asked).toBe(2)
    page.resume()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(session.types()).toEqual(['connecting', 'open', 'message'])
    expect(asked).toBe(2)
  })
})
