import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { seededRandom } from './random.ts'

/** Cuts connections after a random number of bytes. */
export interface CutPlan {
  readonly times: number
  /** A connection is cut after a random number of bytes in this range. */
  readonly minBytes: number
  readonly maxBytes: number
  readonly seed: number
  /** Which bytes count: those of responses (`answered`, the default) or those of requests (`asked`, for uploads). */
  readonly side?: 'answered' | 'asked'
}

/**
 * What passes through the proxy. `open`: everything. `stalled`: nothing, until it opens again. `swallowing`: bytes are
 * accepted and discarded. `refusing`: new connections are reset.
 */
export type Passage = 'open' | 'stalled' | 'swallowing' | 'refusing'

/** A TCP proxy on the loopback address that simulates network faults. */
export interface FaultProxy {
  readonly port: number
  /** How many connections were cut. */
  readonly cuts: number
  /** How many connections are open. */
  readonly links: number
  /** How many bytes the clients have sent. */
  readonly askedBytes: number
  /** Resets every connection immediately. */
  cut(): void
  /** Resets connections as planned. */
  cutAtRandom(plan: CutPlan): void
  /** Sets what passes from now on. `open` resumes what was stalled; swallowed bytes are lost. */
  let(passage: Passage): void
  /** Swallows all bytes of the current connections. New connections are not affected. */
  halfOpen(): void
  /** Limits the bytes per second in each direction; `Infinity` removes the limit. */
  slow(bytesPerSecond: number): void
  close(): Promise<void>
}

const TICK_MS = 20

/** Starts a proxy in front of a local port. */
export function startProxy(targetPort: number): Promise<FaultProxy> {
  const links = new Set<Link>()
  let passage: Passage = 'open'
  let bytesPerSecond = Number.POSITIVE_INFINITY
  let plan: (CutPlan & { readonly random: () => number; left: number }) | undefined
  let cuts = 0
  let askedBytes = 0

  const server = createServer((client) => {
    if (passage === 'refusing') {
      client.resetAndDestroy()
      return
    }
    const cutAfter =
      plan === undefined || plan.left === 0
        ? Number.POSITIVE_INFINITY
        : plan.minBytes + Math.floor(plan.random() * (plan.maxBytes - plan.minBytes))
    const link = new Link(client, connect(targetPort, '127.0.0.1'), cutAfter, {
      passage: () => passage,
      budgetPerTick: () => (bytesPerSecond * TICK_MS) / 1_000,
      cutSide: () => (plan !== undefined && plan.left > 0 ? (plan.side ?? 'answered') : undefined),
      onPlannedCut: () => {
        if (plan !== undefined) plan.left -= 1
        cuts += 1
      },
      onAsked: (bytes) => {
        askedBytes += bytes
      },
    })
    links.add(link)
    client.on('close', () => links.delete(link))
  })

  const proxy: FaultProxy = {
    get port() {
      return (server.address() as AddressInfo).port
    },
    get cuts() {
      return cuts
    },
    get links() {
      return links.size
    },
    get askedBytes() {
      return askedBytes
    },
    cut: () => {
      cuts += links.size
      for (const link of links) link.cut()
    },
    cutAtRandom: (next) => {
      plan = { ...next, random: seededRandom(next.seed), left: next.times }
      cuts = 0
    },
    let: (next) => {
      passage = next
      for (const link of links) link.pump()
    },
    halfOpen: () => {
      for (const link of links) link.die()
    },
    slow: (next) => {
      bytesPerSecond = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const link of links) link.destroy()
      }),
  }
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(proxy)))
}

interface LinkRules {
  passage(): Passage
  budgetPerTick(): number
  /** Which bytes count towards the planned cut; `undefined` if none is planned. */
  cutSide(): CutPlan['side']
  onPlannedCut(): void
  onAsked(bytes: number): void
}

/** One connection through the proxy. */
class Link {
  readonly #client: Socket
  readonly #target: Socket
  readonly #cutAfter: number
  readonly #rules: LinkRules
  readonly #passed = { answered: 0, asked: 0 }
  #isDead = false
  #timer: NodeJS.Timeout | undefined

  constructor(client: Socket, target: Socket, cutAfter: number, rules: LinkRules) {
    this.#client = client
    this.#target = target
    this.#cutAfter = cutAfter
    this.#rules = rules
    client.on('readable', () => this.pump())
    target.on('readable', () => this.pump())
    client.on('drain', () => this.pump())
    target.on('drain', () => this.pump())
    // A slow or stalled link delays its reads, so `end` is emitted only after everything was forwarded.
    client.on('end', () => target.end())
    target.on('end', () => client.end())
    for (const socket of [client, target]) {
      socket.on('error', () => this.destroy())
      socket.on('close', () => this.destroy())
    }
  }

  /** Forwards what may pass. */
  pump(): void {
    const passage = this.#passage()
    if (passage === 'stalled' || passage === 'refusing') return
    const budget = this.#rules.budgetPerTick()
    if (budget === Number.POSITIVE_INFINITY) this.#handBothWays(passage, budget)
    else this.#timer ??= setInterval(() => this.#tick(), TICK_MS)
  }

  /** Keeps the connection open and swallows all bytes. */
  die(): void {
    this.#isDead = true
    this.pump()
  }

  cut(): void {
    this.#client.resetAndDestroy()
    this.destroy()
  }

  destroy(): void {
    clearInterval(this.#timer)
    this.#client.destroy()
    this.#target.destroy()
  }

  #passage(): Passage {
    return this.#isDead ? 'swallowing' : this.#rules.passage()
  }

  #tick(): void {
    const passage = this.#passage()
    if (passage === 'open') this.#handBothWays(passage, Math.max(1, this.#rules.budgetPerTick()))
  }

  #handBothWays(passage: Passage, budget: number): void {
    this.#hand(this.#client, this.#target, passage, budget)
    this.#hand(this.#target, this.#client, passage, budget)
  }

  #hand(from: Socket, to: Socket, passage: Passage, budget: number): void {
    let left = budget
    while (left > 0 && !to.writableNeedDrain) {
      const chunk = readUpTo(from, left)
      if (chunk === null) return
      left -= chunk.length
      const side = from === this.#client ? 'asked' : 'answered'
      if (side === 'asked') this.#rules.onAsked(chunk.length)
      if (passage === 'swallowing') continue
      const passed = this.#passed[side]
      if (side === this.#rules.cutSide() && passed + chunk.length >= this.#cutAfter) {
        const last = chunk.subarray(0, this.#cutAfter - passed)
        this.#rules.onPlannedCut()
        // The bytes before the cut are delivered, then the connection is reset.
        to.write(last, () => this.cut())
        this.#passed[side] = Number.NEGATIVE_INFINITY
        from.removeAllListeners('readable')
        return
      }
      this.#passed[side] += chunk.length
      to.write(chunk)
    }
  }
}

function readUpTo(socket: Socket, budget: number): Buffer | null {
  const size = Math.min(socket.readableLength, Math.floor(budget))
  return size > 0 ? (socket.read(size) as Buffer | null) : (socket.read() as Buffer | null)
}
