import { tap } from 'rxjs'
import {
  byteRange,
  bytes,
  fromEventSource,
  fromFetch,
  fromFetchStream,
  fromLongPoll,
  fromPoll,
  fromXhr,
  type Wire,
} from 'rxwire'
import { describe, expect, it } from 'vitest'
import { networkForEachTest } from '../unit/support/net.ts'
import { type Cell, problemsOf, SECRET, TEXTS } from './hostile-values.ts'

const net = networkForEachTest()

const headers = { authorization: SECRET }

interface Options {
  readonly method?: 'POST'
}

const transports: readonly [name: string, open: (url: string, options?: Options) => Wire<unknown>][] = [
  ['fromFetch', (url, options) => fromFetch(url, { headers, ...options })],
  ['fromXhr', (url, options) => fromXhr(url, { headers, ...options })],
  ['fromFetchStream', (url, options) => fromFetchStream(url, { headers, ...options })],
  ['a download by ranges', (url) => fromFetchStream(url, { headers, decode: bytes(), resume: byteRange() })],
  ['fromEventSource', (url, options) => fromEventSource(url, { headers, ...options })],
  ['fromPoll', (url) => fromPoll(url, { headers, everyMs: 2_000 })],
  ['fromLongPoll', (url) => fromLongPoll(url, { headers })],
  ['fromLongPoll with a cursor header', (url) => fromLongPoll(url, { headers, readCursor: { header: 'x-cursor' } })],
]

const names = [
  'etag',
  'last-modified',
  'retry-after',
  'retry-after-ms',
  'content-length',
  'content-range',
  'content-type',
  'location',
  'x-cursor',
]

/** Serves a response with one hostile header for each text, and opens a wire to each. */
function cellsFor(
  open: (url: string, options?: Options) => Wire<unknown>,
  header: string,
  status: number,
  options: Options = {},
): Cell[] {
  return TEXTS.map(([name, text], index) => {
    const url = `/${status}/${index}`
    const route = net.route(options.method ?? 'GET', url, ({ headers: request }) => {
      const type = request.get('accept') === 'text/event-stream' ? 'text/event-stream' : 'application/json'
      const body = type === 'text/event-stream' ? 'data: 1\n\n' : '1'
      return new Response(body, { status, headers: { 'content-type': type, [header]: text } })
    })
    return { name: `${status} with ${name}`, wire: open(url, options), requests: route.requests, connections: route }
  })
}

describe.each(transports)('%s', (_, open) => {
  it.each(names)('stays within its limits, whatever the response header %s is', async (header) => {
    const away = net.route('*', 'https://away.test/*', () => 1)
    const cells = [200, 404, 503].flatMap((status) => cellsFor(open, header, status))
    expect(await problemsOf(net, cells)).toEqual([])
    expect(away.requests).toEqual([])
  })
})

// Transports that send requests which are not safe to repeat.
describe.each(transports.filter(([, open]) => open.length > 1))('%s', (_, open) => {
  it.each(names)('sends a POST once, whatever the response header %s is', async (header) => {
    const cells = [200, 503].flatMap((status) => cellsFor(open, header, status, { method: 'POST' }))
    expect(await problemsOf(net, cells)).toEqual([])
    expect(cells.filter(({ requests }) => requests.length !== 1).map((cell) => cell.name)).toEqual([])
  })
})

describe('a download by ranges that is cut after half of its 100 bytes', () => {
  const half = new Uint8Array(50)
  const good: Record<string, string> = { etag: '"a"', 'content-length': '100' }
  const goodPart: Record<string, string> = { etag: '"a"', 'content-range': 'bytes 50-99/100', 'content-length': '50' }

  it.each<[part: string, header: string]>([
    ['first', 'etag'],
    ['first', 'content-length'],
    ['first', 'content-range'],
    ['first', 'content-encoding'],
    ['second', 'etag'],
    ['second', 'content-length'],
    ['second', 'content-range'],
    ['second', 'content-encoding'],
  ])('is delivered once or fails, whatever its %s response has as %s', async (part, header) => {
    const received = TEXTS.map(() => 0)
    const cells = TEXTS.map(([name, text], index): Cell => {
      const path = `/${index}`
      const route = net.route('GET', path, ({ headers: request }) => {
        const isPart = request.has('range')
        const hostile = isPart === (part === 'second') ? { [header]: text } : {}
        const body = isPart ? half : cutAfter(half)
        return new Response(body, {
          status: isPart ? 206 : 200,
          headers: { ...(isPart ? goodPart : good), ...hostile },
        })
      })
      const file = fromFetchStream(path, { decode: bytes(), resume: byteRange() }).pipe(
        tap((event) => {
          if (event.type === 'message') received[index] = (received[index] ?? 0) + event.data.byteLength
        }),
      )
      return { name, wire: file, requests: route.requests, connections: route, maxPerMinute: 5 }
    })
    expect(await problemsOf(net, cells)).toEqual([])
    expect(received.filter((count) => count > 100)).toEqual([])
  })
})

/** A body that breaks off after some bytes. */
function cutAfter(piece: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let isSent = false
  return new ReadableStream({
    pull: (controller) => {
      if (isSent) controller.error(new Error('cut'))
      else controller.enqueue(piece)
      isSent = true
    },
  })
}
