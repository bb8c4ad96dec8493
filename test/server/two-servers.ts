import { resolve } from 'node:path'
import { temporaryFile } from '../log-server/temporary-file.ts'
import { startBalancer } from './balancer.ts'
import { sleep } from './event-stream.ts'
import { tickAt } from './prices.ts'
import { type OwnProcess, startOwnProcess } from './process.ts'

/** One of the servers. */
interface ServerState {
  readonly name: string
  /** `undefined` from a kill until it has started again. */
  readonly pid: number | undefined
  readonly kills: number
}

/** What a page knows of the servers. */
export interface TwoServersState {
  /** The address of the feed, through the load balancer. */
  readonly url: string
  readonly servers: readonly ServerState[]
}

/** Two processes that serve one log of a SQLite file, behind one address. */
export interface TwoServers {
  readonly state: TwoServersState
  /** Kills one like a crash. It starts again after a few seconds. */
  kill(name: string): Promise<void>
  close(): Promise<void>
}

const program = resolve(import.meta.dirname, 'feed-process.ts')
const APPEND_EVERY_MS = 400
const APPEND_AGAIN_MS = 100
const RESTART_AFTER_MS = 3_000

/** Starts two servers, a load balancer that takes turns, and a producer that appends ticks through it. */
export async function startTwoServers(): Promise<TwoServers> {
  const file = temporaryFile('ticks.db')
  const stop = new AbortController()
  const servers = ['A', 'B'].map((name) => new FeedServer(name, file, stop.signal))
  // The first one makes the file.
  for (const server of servers) await server.start()
  let turn = 0
  const balancer = await startBalancer(() => {
    const running = servers.filter(({ port }) => port !== undefined)
    turn += 1
    return running[turn % running.length]?.port ?? 0
  })
  const url = `${balancer.url}/ticks`
  await createTicks(url, stop.signal)
  return {
    get state() {
      return { url, servers: servers.map(({ name, pid, kills }) => ({ name, pid, kills })) }
    },
    kill: async (name) => servers.find((server) => server.name === name)?.kill(),
    close: async () => {
      stop.abort()
      balancer.close()
      await Promise.all(servers.map((server) => server.close()))
    },
  }
}

/** One of the two processes, which is started again after each kill. */
class FeedServer {
  readonly name: string
  kills = 0
  readonly #file: string
  readonly #signal: AbortSignal
  #process: OwnProcess | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(name: string, file: string, signal: AbortSignal) {
    this.name = name
    this.#file = file
    this.#signal = signal
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  get port(): number | undefined {
    return this.#process && Number(this.#process.said)
  }

  async start(): Promise<void> {
    const started = await startOwnProcess(program, [this.name, this.#file])
    this.#process = started
    if (this.#signal.aborted) await this.close()
  }

  async kill(): Promise<void> {
    const killed = this.#process
    if (killed === undefined) return
    this.#process = undefined
    this.kills += 1
    await killed.kill()
    if (!this.#signal.aborted) this.#startLater()
  }

  #startLater(): void {
    this.#timer = setTimeout(() => this.start().catch(() => this.#startLater()), RESTART_AFTER_MS)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    await this.#process?.end()
    this.#process = undefined
  }
}

/** Creates the log, then appends a tick every 400 ms. */
async function createTicks(url: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await untilAcknowledged(url, { method: 'PUT', headers, signal })
  void appendTicks(url, signal)
}

async function appendTicks(url: string, signal: AbortSignal): Promise<void> {
  for (let seq = 0; !signal.aborted; seq += 1) {
    const headers = { 'content-type': 'application/json', 'producer-id': 'demo', 'producer-epoch': '0' }
    const body = JSON.stringify(tickAt(seq))
    const init = { method: 'POST', headers: { ...headers, 'producer-seq': String(seq) }, body, signal }
    await untilAcknowledged(url, init)
    await sleep(APPEND_EVERY_MS)
  }
}

/** Repeats a request. An append is stored once, because the producer numbers it. */
async function untilAcknowledged(url: string, init: RequestInit & { signal: AbortSignal }): Promise<void> {
  while (!init.signal.aborted) {
    const response = await fetch(url, init).catch(() => undefined)
    if (response?.ok === true) return
    await sleep(APPEND_AGAIN_MS)
  }
}
