import { expect, inject, onTestFinished } from 'vitest'
import type { CutPlan, Passage } from './server/proxy.ts'

/** What the server recorded for one key. */
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
  /** The texts received over sockets, if the scenario records them. */
  readonly received: readonly string[]
  readonly receivedBytes: number
  /** The close codes and reasons that the server received. */
  readonly closes: readonly { readonly code: number; readonly reason: string }[]
  /** How many rows the server has written, if the scenario counts them. */
  readonly written: number
}

/** Controls a proxy in front of the server. */
export interface TestProxy {
  /** Returns the URL of a scenario through the proxy. */
  url(path: string, query?: Record<string, string | number>): string
  order(order: {
    cut?: boolean
    halfOpen?: boolean
    cutAtRandom?: CutPlan
    passage?: Passage
    bytesPerSecond?: number | null
  }): Promise<ProxyState>
}

/** The counters of a proxy. */
interface ProxyState {
  readonly cuts: number
  /** How many connections are open. */
  readonly links: number
  /** How many bytes the clients have sent. */
  readonly askedBytes: number
}

/** Faults that the server applies to one key. `null` clears one. */
interface Faults {
  /** The only valid token from now on. */
  readonly token?: string | null
  /** The speed of the slow reader. */
  readonly readBytesPerSecond?: number | null
}

/** The test server for one test, in Node or in a browser. Each test has its own key. */
export interface Backend {
  readonly key: string
  /** Returns the URL of a scenario. */
  url(path: string, query?: Record<string, string | number>): string
  stats(): Promise<Stats>
  faults(faults: Faults): Promise<void>
  /** Waits until the server has closed all connections of this test. */
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
