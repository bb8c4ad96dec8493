import type { Implementations } from 'rxwire'
import type { Faults } from '../connection/faults.ts'
import { Link, type LinkEnds, type LinkOptions } from '../connection/link.ts'
import type { Network } from '../network.ts'
import { fakeEventSource } from './event-source.ts'
import { fakeFetch } from './fetch.ts'
import { fakeWebSocket } from './web-socket.ts'
import { fakeXhr } from './xhr.ts'

/** The classes and functions of a browser that talk to a fake network. */
export interface FakeImplementations {
  readonly fetch: typeof fetch
  readonly XMLHttpRequest: NonNullable<Implementations['XMLHttpRequest']>
  readonly EventSource: NonNullable<Implementations['EventSource']>
  readonly WebSocket: NonNullable<Implementations['WebSocket']>
}

/** One tab of a browser: a client of a fake network with connections of its own. */
export class FakeTab {
  /** Implementations for wires and for other code of this tab. */
  readonly implementations: FakeImplementations
  /** @internal */
  readonly network: Network
  readonly #links = new Map<Link, string>()
  #isClosed = false

  /** @internal */
  constructor(network: Network) {
    this.network = network
    this.implementations = {
      fetch: fakeFetch(this),
      XMLHttpRequest: fakeXhr(this),
      EventSource: fakeEventSource(this),
      WebSocket: fakeWebSocket(this),
    }
  }

  /** How many connections are open. */
  get open(): number {
    return this.#links.size
  }

  /** Each open connection, in words. */
  get connections(): readonly string[] {
    return [...this.#links.values()]
  }

  /** Closes the tab: its connections end, and its code is told nothing more. New ones are refused. */
  close(): void {
    this.#isClosed = true
    for (const link of [...this.#links.keys()]) link.end()
  }

  /** @internal The client does not wait for this connection any more. */
  forget(link: Link): void {
    this.#links.delete(link)
  }

  /** @internal Opens a connection; `undefined` if it is refused. */
  connect(kind: LinkOptions['kind'], url: URL, faults: Faults, ends: LinkEnds): Link | undefined {
    const { network } = this
    network.noteConnection(url)
    const groups = network.faultsOf(url, faults)
    if (this.#isClosed || network.isOffline || groups.some((group) => group.isRefusing)) return undefined
    const onActivity = () => network.noteActivity()
    const link = new Link(
      { kind, faults: groups, latencyMs: network.latencyMs, onActivity },
      {
        onLost: ends.onLost,
        onEnd: () => {
          onActivity()
          this.#links.delete(link)
          ends.onEnd()
        },
      },
    )
    onActivity()
    this.#links.set(
      link,
      `${kind === 'http' ? 'request' : 'socket'} to ${url.pathname}, open since ${network.atMs()} ms`,
    )
    return link
  }
}
