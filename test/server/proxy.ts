import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { seededRandom } from './random.ts'

/** Cuts connections at random places. */
export interface CutPlan {
  readonly times: number
  /** A connection is cut after a random number of bytes in this range. */
  readonly minBytes: number
  readonly maxBytes: number
  readonly seed: number
  /** Which bytes count: those that are answered (the default), or those that are asked with, as uploads have them. */
  readonly side?: 'answered' | 'asked'
}

/** What passes: everything, nothing for now, nothing ever (but it is accepted), or nobody gets in. */
export type Passage = 'open' | 'stalled' | 'swallowing' | 'refusing'

/** A TCP proxy on the loopback address that does to connections what networks do. */
export interface FaultProxy {
  readonly port: number
  /** How many connections it has cut. */
  readonly cuts: number
  /** How many connections it holds. */
  readonly links: number
  /** How many bytes came from those who ask. */
  readonly askedBytes: number
  /** Resets every connection, now. */
  cut(): void
  /** Resets connections as they come to the places of the plan. */
  cutAtRandom(plan: CutPlan): void
  /** What passes from now on. Back to `open`, a stall goes on where it stopped; what was swallowed is gone. */
  let(passage: Passage): void
  /** From now on nothing passes on the connections that there are. Those to come are not touched. */
  halfOpen(): void
  /** At most this many bytes a second, each way; `Infinity` for no limit. */
  slow(bytesPerSecond: number): void
  close(): Promise<void>
}

const TICK_MS = 20

/** Starts a proxy in front of a port of this machine. */
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
  /** On which side a connection may be cut now; `undefined` for none. */
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
    // A slow or stalled link reads later, so `end` comes only after everything was handed on.
    client.on('end', () => target.end())
    target.on('end', () => client.end())
    for (const socket of [client, target]) {
      socket.on('error', () => this.destroy())
      socket.on('close', () => this.destroy())
    }
  }

  /** Hands on what may pass. */
  pump(): void {
    const passage = this.#passage()
    if (passage === 'stalled' || passage === 'refusing') return
    const budget = this.#rules.budgetPerTick()
    if (budget === Number.POSITIVE_INFINITY) this.#handBothWays(passage, budget)
    else this.#timer ??= setInterval(() => this.#tick(), TICK_MS)
  }

  /** Stays connected, and swallows all. */
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
        // What came before the cut arrives, then the connection is gone without a goodbye.
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
