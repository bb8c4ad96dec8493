import { CloseError, HttpError, type Wire, type WireWaiting } from 'rxwire'
import { type FakeNetwork, recordWire, type WireRecord } from 'rxwire/testing'
import { describe, expect, it } from 'vitest'

/** Returns the `nth` response (1 for the first) to a request. */
export type Respond = (nth: number, request: Request) => Response

/** A transport, and its server. */
interface Client {
  readonly name: string
  readonly open: (url: string) => Wire<unknown>
  /** Serves the kind of response that a row names. Returns the requests, which grow. */
  readonly serve: (net: FakeNetwork, response: string) => readonly { readonly atMs: number }[]
}

const MINUTE_MS = 60_000

/** The responses that are the same in every format. */
const statuses: Readonly<Record<string, Respond>> = {
  '204': () => new Response(null, { status: 204 }),
  '304': () => new Response(null, { status: 304 }),
  '404, retry after 10 s': () => new Response('', { status: 404, headers: { 'retry-after': '10' } }),
  '429': () => new Response('', { status: 429 }),
  '500': () => new Response('', { status: 500 }),
  '502': () => new Response('', { status: 502 }),
  '503': () => new Response('', { status: 503 }),
}

/** A client of an HTTP server. `responses` are those that depend on the format of the transport. */
export function httpClient(
  name: string,
  open: (url: string) => Wire<unknown>,
  responses: Readonly<Record<string, Respond>>,
): Client {
  const serve: Client['serve'] = (net, response) => {
    const respond = { ...statuses, ...responses }[response]
    if (respond === undefined) throw new Error(`${name} has no response "${response}"`)
    let nth = 0
    const route = net.route('*', '/instant/*', (request) => {
      nth += 1
      return respond(nth, request)
    })
    return route.requests
  }
  return { name, open, serve }
}

/**
 * Runs each cell of a table: for a minute, the server gives the same kind of response at once. The first line names the
 * clients, the first column the responses. A cell says what the wire does, and how many requests it sends:
 *
 * - `completes =1`: completes after exactly this number
 * - `fails 404 =1`: fails with this status, close code or kind
 * - `503 ≤20`: waits with this cause each time, and sends at most this number
 * - `repeats ≤15`: sends request after request without a wait
 */
export function describeInstantResponses(net: FakeNetwork, table: string, clients: readonly Client[]): void {
  const [[, ...names] = [], ...rows] = cellsOf(table)
  expect(clients.map(({ name }) => name)).toEqual(names)

  describe.each(clients)('$name, with a server that responds at once', ({ name, open, serve }) => {
    const cells = rows.map(([response = '', ...row]) => [response, row[names.indexOf(name)] ?? ''] as const)

    it.each(cells)('%s: %s', async (response, cell) => {
      const requests = serve(net, response)
      const seen = recordWire(open('/instant/feed'))
      await net.advance(MINUTE_MS)
      seen.unsubscribe()
      await net.advance()
      const { outcome, most, isExact } = expectedBy(cell)
      expect(outcomeOf(seen)).toBe(outcome)
      expect(requests.length).toBeLessThanOrEqual(most)
      // A wire that repeats neither gives up nor hangs.
      expect(requests.length).toBeGreaterThanOrEqual(isExact ? most : 3)
      expectAtMostTenASecond(requests.map(({ atMs }) => atMs))
      expect(net.leaks()).toEqual([])
      expect(net.open).toBe(0)
    })
  })
}

/** [law] 15: never more than ten requests a second. */
function expectAtMostTenASecond(atMs: readonly number[]): void {
  for (const [index, laterMs] of atMs.slice(10).entries()) {
    expect(laterMs - (atMs[index] ?? 0)).toBeGreaterThanOrEqual(1_000)
  }
}

/** What a cell of the table says. */
function expectedBy(cell: string): { readonly outcome: string; readonly most: number; readonly isExact: boolean } {
  const [, outcome = '', relation, most] = /^(.+) ([=≤])(\d+)$/.exec(cell) ?? []
  return { outcome, most: Number(most), isExact: relation === '=' }
}

/** What a wire has done, in the words of the table. */
function outcomeOf({ events, error, isComplete }: WireRecord<unknown>): string {
  if (isComplete) return 'completes'
  if (error !== undefined) return `fails ${causeName(error)}`
  const causes = events.flatMap((event) => (event.type === 'waiting' ? [causeName(event.cause)] : []))
  return causes.length === 0 ? 'repeats' : [...new Set(causes)].join(' then ')
}

function causeName(cause: WireWaiting['cause']): string {
  if (typeof cause === 'string') return cause
  if (cause instanceof HttpError) return String(cause.status)
  return cause instanceof CloseError && cause.code !== undefined ? String(cause.code) : cause.kind
}

/** The cells of a table whose columns are separated by `|`. */
function cellsOf(table: string): string[][] {
  const lines = table.trim().split('\n')
  return lines.map((line) => line.split('|').map((cell) => cell.trim()))
}
