import type { FaultProxy, Passage } from '../../../test/server/proxy.ts'
import { PageLink } from '../page-link.ts'

const proxies = new Map<number, PageProxy>()

/** Does to what a page asks of itself what the test server's proxy does to connections, as far as stories stand in for it. */
export class PageProxy implements FaultProxy {
  readonly port: number
  readonly askedBytes = 0
  cuts = 0
  #passage: Passage = 'open'
  readonly #links = new Set<PageLink>()

  constructor(port: number) {
    this.port = port
  }

  get links(): number {
    return this.#links.size
  }

  /** A new connection; `undefined` where nobody gets in. */
  connect(onCut: () => void): PageLink | undefined {
    if (this.#passage === 'refusing') return undefined
    const link = new PageLink({
      isStalled: () => this.#passage === 'stalled',
      onCut,
      onEnd: () => this.#links.delete(link),
    })
    this.#links.add(link)
    return link
  }

  cut(): void {
    for (const link of [...this.#links]) {
      this.cuts += 1
      link.cut()
    }
  }

  let(passage: Passage): void {
    this.#passage = passage
    if (passage === 'open') for (const link of [...this.#links]) link.goOn()
  }

  async close(): Promise<void> {
    // Who still knows its address finds nobody there.
    this.let('refusing')
    this.cut()
  }

  // The stories that ask for these measure bytes, which a page that talks to itself has none of.
  cutAtRandom(): void {}
  halfOpen(): void {}
  slow(): void {}
}

/** The proxy that listens there. */
export function proxyAt(port: number): PageProxy | undefined {
  return proxies.get(port)
}

/** Ports that are nobody else's: the loopback address is never asked at them. */
let nextPort = 1

export async function startProxy(): Promise<FaultProxy> {
  const proxy = new PageProxy(nextPort++)
  proxies.set(proxy.port, proxy)
  return proxy
}
