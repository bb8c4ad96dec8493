import { expect, inject, onTestFinished } from 'vitest'
import type { CutPlan, Passage } from './server/proxy.ts'

/** What the server saw of one key. */
interface Stats {
  readonly open: number
  readonly peak: number
  readonly seen: readonly {
    readonly path: string
    readonly url: string
    readonly method: string
    readonly lastEventId?: string
    readonly authorization?: string
    readonly idempotencyKey?: string
    readonly protocols?: string
    readonly body: string
  }[]
  /** The texts that came over sockets, where the scenario writes them down. */
  readonly received: readonly string[]
  readonly receivedBytes: number
  /** How its sockets were closed, as the server saw it. */
  readonly closes: readonly { readonly code: number; readonly reason: string }[]
  /** How many rows it has written, where the scenario counts them. */
  readonly written: number
}

/** A proxy in front of the server, as a test holds it. */
export interface TestProxy {
  /** The address of a scenario through the proxy. */
  url(path: string, query?: Record<string, string | number>): string
  order(order: {
    cut?: boolean
    halfOpen?: boolean
    cutAtRandom?: CutPlan
    passage?: Passage
    bytesPerSecond?: number | null
  }): Promise<ProxyState>
}

/** What a proxy has done so far. */
interface ProxyState {
  readonly cuts: number
  /** How many connections it holds. */
  readonly links: number
  /** How many bytes came from those who ask. */
  readonly askedBytes: number
}

/** What the server does to one key. `null` takes it back. */
interface Faults {
  /** The token that is valid from now on. */
  readonly token?: string | null
  /** How fast the slow reader reads. */
  readonly readBytesPerSecond?: number | null
}

/** The test server as one test sees it, from Node or from a browser: nobody else uses its key. */
export interface Backend {
  readonly key: string
  /** The address of a scenario. */
  url(path: string, query?: Record<string, string | number>): string
  stats(): Promise<Stats>
  faults(faults: Faults): Promise<void>
  /** Waits until the server has no connection of this test any more. */
  expectNoConnections(): Promise<void>
  proxy(): Promise<TestProxy>
}

export function backend(): Backend {
  const base = inject('backend')
  const key = crypto.randomUUID()
  const address = (origin: string, path: string, query: Record<string, string | number> = {}) => {
    const url = new URL(origin + path)
    for (const [name, value] of Object.entries({ ...query, key })) url.searchParams.set(name, String(value))
    return url.href
  }
  const stats = async () => (await (await fetch(address(base, '/lab/stats'))).json()) as Stats
  return {
    key,
    url: (path, query) => address(base, path, query),
    stats,
    faults: async (faults) => {
      await fetch(address(base, '/lab/faults'), { method: 'POST', body: JSON.stringify(faults) })
    },
    expectNoConnections: () => expect.poll(async () => (await stats()).open).toBe(0),
    proxy: async () => {
      const created = await (await fetch(address(base, '/lab/proxies'), { method: 'POST' })).json()
      const { id, port } = created as { id: string; port: number }
      onTestFinished(async () => {
        await fetch(address(base, '/lab/proxies', { id }), { method: 'DELETE' })
      })
      const origin = new URL(base)
      origin.port = String(port)
      return {
        url: (path, query) => address(origin.href, path, query),
        order: async (order) => {
          const init = { method: 'POST', body: JSON.stringify(order) }
          return (await (await fetch(address(base, '/lab/proxies', { id }), init)).json()) as ProxyState
        },
      }
    },
  }
}
