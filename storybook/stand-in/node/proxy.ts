import type { FaultProxy } from '../../../test/server/proxy.ts'
import { net } from '../network.ts'

/** The hosts of all proxies so far. A proxy that was closed refuses connections. */
const hosts = new Set<string>()
// The demo has no real server in the static build, so a port of the dynamic range hides none. Low ports are refused.
let nextPort = 49_152

/** Whether a URL with this host leads to a proxy within the page. */
export function isProxy(host: string): boolean {
  return hosts.has(host)
}

/** Starts a proxy within the page, which applies the faults of the test kit to its origin. */
export async function startProxy(): Promise<FaultProxy> {
  const port = nextPort++
  const { origin, host } = new URL(`http://127.0.0.1:${port}`)
  hosts.add(host)
  const faults = net.origin(origin)
  let cuts = 0
  const proxy: FaultProxy = {
    port,
    get cuts() {
      return cuts
    },
    get links() {
      return faults.open
    },
    cut: () => {
      cuts += faults.open
      faults.cut()
    },
    let: (passage) => {
      faults.refuse(passage === 'refusing')
      faults.stall(passage === 'stalled')
    },
    halfOpen: () => faults.halfOpen(),
    slow: (bytesPerSecond) => faults.slow(Number.isFinite(bytesPerSecond) && { bytesPerSecond }),
    close: async () => {
      proxy.let('refusing')
      proxy.cut()
    },
    // The stories that count bytes or cut after some need the real server.
    askedBytes: 0,
    cutAtRandom: () => {},
  }
  return proxy
}
