import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { compare, medianOf, perSecond } from '../compare.ts'
import { FeedClients } from '../feed-client.ts'
import type { FeedOrder } from '../feed-server/order.ts'
import { type Measured, type Medians, measuredOf, percentile, scaled } from '../rounds.ts'
import { startClock } from '../stopwatch.ts'
import { versioned } from '../versions.ts'
import type { Figure, Target, Work } from '../work.ts'

const CLIENTS = 1_000
const MESSAGES = 2_000
const CATCH_UP = 100_000
const ITEM_BYTES = 60
const SLOW_BYTES = 32 * 1024
const SLOW_ITEMS = 2_048
const PACED = 100
const PACE_MS = 40
const WATCHING = 20
const ROUNDS = 3

interface Contender {
  /** The name of its server. */
  readonly server: string
  readonly kind: 'sse' | 'ws'
  /** Whether a client can read what was appended before it connected. */
  readonly hasHistory: boolean
}

const SSE = 'rxwire'
const SOCKET = 'rxwire, WebSocket'
const BARE_SOCKET = versioned('ws')

const contenders: ReadonlyMap<string, Contender> = new Map([
  [SSE, { server: 'rxwire, SSE', kind: 'sse', hasHistory: true }],
  [versioned('better-sse'), { server: 'better-sse', kind: 'sse', hasHistory: false }],
  [versioned('@durable-streams/server'), { server: '@durable-streams/server', kind: 'sse', hasHistory: true }],
  [SOCKET, { server: 'rxwire, WebSocket', kind: 'ws', hasHistory: true }],
  [BARE_SOCKET, { server: 'ws', kind: 'ws', hasHistory: false }],
])

/** What one round measures. */
interface Round {
  readonly fanOutMs: number
  readonly delaysMs: readonly number[]
  readonly catchUpMs: number | undefined
  readonly idleBytes: number
  readonly slowBytes: number
}

export async function measure(): Promise<Work> {
  const rounds = new Map([...contenders.keys()].map((who): [string, Round[]] => [who, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [who, contender] of contenders) rounds.get(who)?.push(await measureOnce(contender))
  }
  const of = (figure: (round: Round) => number | undefined): Map<string, Measured> =>
    new Map(
      [...rounds].flatMap(([who, all]) => {
        const figures = all.flatMap((round) => figure(round) ?? [])
        return figures.length === 0 ? [] : [[who, measuredOf(figures)] as const]
      }),
    )
  const fanOut = perSecond(
    CLIENTS * MESSAGES,
    of(({ fanOutMs }) => fanOutMs),
  )
  const p50 = of(({ delaysMs }) => percentile(delaysMs, 0.5))
  const p99 = of(({ delaysMs }) => percentile(delaysMs, 0.99))
  const caughtUp = perSecond(
    CATCH_UP,
    of(({ catchUpMs }) => catchUpMs),
  )
  const idle = scaled(
    of(({ idleBytes }) => idleBytes),
    (bytes) => bytes / CLIENTS,
  )
  const slow = of(({ slowBytes }) => slowBytes)
  const figures: Figure[] = [
    ...compare('messages delivered to 1,000 clients', '/s', fanOut),
    ...compare('append to delivery, p50', 'ms', p50),
    ...compare('append to delivery, p99', 'ms', p99),
    ...compare('catching up with 100,000 messages', '/s', caughtUp),
    ...compare('memory of an idle client', 'B', idle),
    ...compare('memory with a client that reads nothing', 'B', slow),
  ]
  return {
    title: `A feed for ${CLIENTS.toLocaleString('en')} clients, in Node`,
    figures,
    targets: targets(fanOut, slow),
    notes: [
      'Server and clients are two processes on one machine. Each message is appended in a turn of its own. Delays are ' +
        `measured with 1,000 clients and ${Math.round(1_000 / PACE_MS)} messages a second. Memory is heap and external, after garbage ` +
        `collection. The client that reads nothing is sent ${(SLOW_BYTES * SLOW_ITEMS) / 1_048_576} MiB; rxwire keeps at most 16 MiB of them for all readers. ` +
        'The ratio is that of rxwire over Server-Sent Events. better-sse and ws keep no messages, so their clients cannot ' +
        'catch up.',
    ],
  }
}

function targets(fanOut: Medians, slow: Medians): Target[] {
  const ratio = (values: Medians, ours: string, theirs: string) => medianOf(values, ours) / medianOf(values, theirs)
  const others = [...contenders.keys()].filter((who) => who !== SSE && contenders.get(who)?.kind === 'sse')
  return [
    ...others.map((who) => ({ text: `delivers more than ${who}`, isMet: ratio(fanOut, SSE, who) > 1 })),
    { text: `over WebSocket, at least 0.9 of ${BARE_SOCKET}`, isMet: ratio(fanOut, SOCKET, BARE_SOCKET) >= 0.9 },
    ...[...contenders.keys()]
      .filter((who) => !who.startsWith('rxwire'))
      .map((who) => ({
        text: `a slow client takes a tenth of the memory with ${who}`,
        isMet: ratio(slow, SSE, who) <= 0.1,
      })),
  ]
}

async function measureOnce({ server, kind, hasHistory }: Contender): Promise<Round> {
  const fan = await withServer(server, async (url, order) => {
    const idleBefore = await order({ type: 'memory' })
    const clients = new FeedClients()
    for (let n = 0; n < CLIENTS; n += 1) await clients.connect(url, kind, n < WATCHING)
    const idleBytes = (await order({ type: 'memory' })) - idleBefore
    await order({ type: 'append', count: PACED, bytes: ITEM_BYTES, everyMs: PACE_MS })
    await clients.until(CLIENTS * PACED)
    const delaysMs = clients.delaysMs.splice(0)
    const elapsed = startClock()
    await order({ type: 'append', count: MESSAGES, bytes: ITEM_BYTES })
    await clients.until(CLIENTS * (PACED + MESSAGES))
    const fanOutMs = elapsed()
    clients.close()
    return { idleBytes, delaysMs, fanOutMs }
  })
  const catchUpMs = hasHistory
    ? await withServer(server, async (url, order) => {
        await order({ type: 'append', count: CATCH_UP, bytes: ITEM_BYTES })
        const clients = new FeedClients()
        const elapsed = startClock()
        await clients.connect(url, kind)
        await clients.until(CATCH_UP)
        clients.close()
        return elapsed()
      })
    : undefined
  const slowBytes = await withServer(server, async (url, order) => {
    const before = await order({ type: 'memory' })
    const clients = new FeedClients()
    const socket = await clients.connect(url, kind)
    socket.pause()
    await order({ type: 'append', count: SLOW_ITEMS, bytes: SLOW_BYTES })
    const bytes = (await order({ type: 'memory' })) - before
    clients.close()
    return bytes
  })
  return { ...fan, catchUpMs, slowBytes }
}

/** Starts a server in its own process, and ends it after `use`. */
async function withServer<R>(
  name: string,
  use: (url: string, order: (order: FeedOrder) => Promise<number>) => Promise<R>,
): Promise<R> {
  const child = fork(resolve(import.meta.dirname, '../feed-server/main.ts'), [name], { execArgv: ['--expose-gc'] })
  const exited = once(child, 'exit')
  const failed = exited.then(([code]) => Promise.reject(new Error(`${name} exited with ${code}.`)))
  failed.catch(() => {})
  const answer = async () => (await Promise.race([once(child, 'message'), failed]))[0]
  try {
    return await use(await answer(), async (order) => {
      const answered = answer()
      child.send(order)
      return answered
    })
  } finally {
    child.disconnect()
    await exited
  }
}
