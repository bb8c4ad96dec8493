import { type FakeNetwork, type FakeServerSocket, fakeNetwork } from 'rxwire/testing'
import { expect, inject } from 'vitest'
import type { Answer } from '../../server/fuzz/answer.ts'
import { type FuzzKind, FuzzSession } from '../../server/fuzz/session.ts'
import { FuzzConsumer, type FuzzHost } from './consumer.ts'
import { OwnTimers } from './own-timers.ts'
import { type FuzzTransport, fuzzTransports } from './subscriptions.ts'
import { Tally } from './tally.ts'

const BATCH = 260
/** How long the consumers of a batch stay at most. */
const STAY_MS = 30_000
/** How many attempts the delays of the default policies allow in this time: they grow to 15 s. */
const MAX_ATTEMPTS = 25

/** Ends a hang on a busy machine. */
export const KIT_TIMEOUT_MS = 600_000

/** How many subscriptions a run makes on the test kit. */
export const ON_KIT: number = typeof document === 'undefined' ? 47_000 : 1_700

/** A run of subscriptions. */
export interface FuzzRun {
  /** The number of the first one. With the seed it decides what happens. */
  readonly first: number
  /** Whether consumers leave by themselves. */
  readonly leavesItself: boolean
}

/** Makes subscriptions on the test kit, in virtual time and with the default policies, and checks each of them. */
export async function fuzzOnKit({ first, leavesItself }: FuzzRun): Promise<void> {
  const seed = inject('seed')
  const transports = fuzzTransports.filter(({ needs }) => needs !== 'scripts')
  const tally = new Tally(transports, seed)
  for (let from = first; from < first + ON_KIT; from += BATCH) {
    const net = fakeNetwork({ seed: seed + from })
    net.install()
    try {
      const batch = new KitBatch(net, seed, leavesItself)
      for (let number = from; number < Math.min(from + BATCH, first + ON_KIT); number += 1) {
        batch.add(number, transports[number % transports.length] as FuzzTransport)
      }
      await batch.run()
      tally.add(batch.consumers)
      expect(net.leaks(), `what the subscriptions from ${from} on leave open`).toEqual([])
      expect(batch.timers, `timers that the subscriptions from ${from} on leave`).toBe(0)
    } finally {
      net.uninstall()
    }
  }
  tally.expectVariety()
}

/** Subscriptions that share a network and its virtual time. */
class KitBatch {
  readonly #net: FakeNetwork
  readonly #host: FuzzHost
  readonly #ownTimers = new OwnTimers()
  readonly #consumers = new Map<number, FuzzConsumer>()
  readonly #sessions = new Map<number, FuzzSession>()

  constructor(net: FakeNetwork, seed: number, leavesItself: boolean) {
    this.#net = net
    this.#host = {
      seed,
      leavesItself,
      reconnect: undefined,
      later: this.#ownTimers.later,
      ms: (ms) => ms,
      address: (kind, number) => `http://localhost/fuzz/${kind}/${number}?`,
    }
    net.route('*', '/fuzz/:kind/:number', (request, { params, signal }) =>
      this.#serve(Number(params['number']), params['kind'] as FuzzKind, request, signal),
    )
    // A location that a server names by mistake.
    net.route('*', '/elsewhere', () => new Response('not here', { status: 404 }))
    net.socket('/fuzz/socket/:number', (socket) => this.#serveSocket(socket))
    net.socket('/fuzz/refused/:number').refuse()
    net.socket('/fuzz/held/:number').stall()
  }

  get consumers(): readonly FuzzConsumer[] {
    return [...this.#consumers.values()]
  }

  /** How many timers the wires have left. */
  get timers(): number {
    return this.#net.timers - this.#ownTimers.size
  }

  add(number: number, transport: FuzzTransport): void {
    this.#consumers.set(number, new FuzzConsumer(this.#host, number, transport))
    this.#sessions.set(number, new FuzzSession(this.#host.seed, number))
  }

  async run(): Promise<void> {
    for (const consumer of this.consumers) consumer.start()
    await this.#net.advance(STAY_MS)
    for (const consumer of this.consumers) consumer.stop()
    await this.#net.advance()
    for (const consumer of this.consumers) check(consumer)
  }

  async #serve(number: number, kind: FuzzKind, request: Request, signal: AbortSignal): Promise<Response> {
    const bodyBytes = request.body === null ? 0 : (await request.arrayBuffer()).byteLength
    // The consumer has left while the request was on the way.
    if (signal.aborted) return Response.error()
    const { method, headers } = request
    const { pathname, search, searchParams } = new URL(request.url)
    const answer = this.#session(number).answer(kind, { method, url: pathname + search, headers, bodyBytes })
    const isStart = !headers.has('last-event-id') && !searchParams.has('after')
    this.#consumers.get(number)?.requests.push({ atMs: Date.now(), method, isStart })
    if (!(await wait(answer.afterMs, signal)) || answer.status === 0) return Response.error()
    const hasBody = ![204, 304].includes(answer.status) && (answer.pieces.length > 0 || answer.end !== 'end')
    return new Response(hasBody ? bodyOf(answer, signal) : null, answer)
  }

  #serveSocket(socket: FakeServerSocket): void {
    const number = Number(socket.url.pathname.split('/').at(-1))
    const over = new AbortController()
    socket.onClose = () => over.abort()
    socket.onMessage = async (cursor) => {
      socket.onMessage = () => {}
      for (const step of this.#session(number).steps(String(cursor))) {
        if (!(await wait(step.afterMs, over.signal))) return
        if (step.act === 'send') socket.send(step.frame)
        else if (step.act === 'close') socket.close(step.code)
        else socket.terminate()
      }
    }
  }

  #session(number: number): FuzzSession {
    const session = this.#sessions.get(number)
    if (session === undefined) throw new Error(`There is no subscription ${number}.`)
    return session
  }
}

function bodyOf({ pieces, end }: Answer, signal: AbortSignal): ReadableStream<Uint8Array> {
  const left = [...pieces]
  return new ReadableStream({
    pull: async (controller) => {
      const piece = left.shift()
      const isOpen = await wait(piece?.afterMs ?? (end === 'silence' ? Number.POSITIVE_INFINITY : 0), signal)
      if (!isOpen) return
      if (piece !== undefined) controller.enqueue(piece.bytes)
      else if (end === 'end') controller.close()
      else controller.error(new Error('reset'))
    },
  })
}

/** Waits in virtual time. Resolves with whether the connection is still open. */
function wait(ms: number, signal: AbortSignal): Promise<boolean> | boolean {
  if (signal.aborted || ms === 0) return !signal.aborted
  return new Promise((resolve) => {
    const settle = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', settle)
      resolve(!signal.aborted)
    }
    const timer = ms === Number.POSITIVE_INFINITY ? undefined : setTimeout(settle, ms)
    signal.addEventListener('abort', settle)
  })
}

/**
 * [law] 6, 14 and 15: at most ten requests a second follow each other, whatever they bring. Attempts without a poll
 * between them are further apart: a connection that ends soon widens the delay, however much it brought.
 */
function check(consumer: FuzzConsumer): void {
  consumer.checkRequests()
  const { problems, requests, attemptsMs, transport } = consumer
  const { perAttempt = 1, polls } = transport
  if (consumer.hasRequestedSince) problems.push('a request was sent after the consumer had left')
  // Handshakes are not recorded.
  const timesMs = requests.length > 0 ? requests.map(({ atMs }) => atMs) : attemptsMs
  const perSecond = mostWithin(1_000, timesMs)
  if (perSecond > 10 * perAttempt) problems.push(`${perSecond} requests were sent within a second`)
  const total = polls ? attemptsMs.length : timesMs.length
  if (total > MAX_ATTEMPTS * perAttempt) problems.push(`${total} requests were sent within ${STAY_MS} ms`)
}

/** The largest number of times within a window. */
function mostWithin(windowMs: number, times: readonly number[]): number {
  let from = 0
  return times.reduce((most, atMs, index) => {
    while (atMs - (times[from] ?? atMs) >= windowMs) from += 1
    return Math.max(most, index - from + 1)
  }, 0)
}
