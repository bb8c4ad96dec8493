import { useEffect, useState } from 'react'

type Query = Readonly<Record<string, string | number>>

/** The switches behind a story: a key of its own on the server, and a proxy of its own in front of it. */
export interface Lab {
  /** The address of a scenario, through the proxy. */
  url(path: string, query?: Query): string
  /** The address of a scenario without a proxy, whose own buffers would be measured with the rest. */
  directUrl(path: string, query?: Query): string
  cut(): Promise<void>
  stall(isStalled: boolean): Promise<void>
  /** At most this many bytes a second, each way. */
  slow(bytesPerSecond: number): Promise<void>
  unavailable(forMs: number, retryAfterSeconds: number): Promise<void>
  /** Present connections stay open, but no byte passes. New connections work. */
  halfOpen(): Promise<void>
  /** Limits how fast the server reads. */
  readSpeed(bytesPerSecond: number): Promise<void>
  /** How many bytes the server has read from sockets. */
  receivedBytes(): Promise<number>
  /** For each path of uploads: how many bytes the server has read in requests that are over. */
  uploadedBytes(): Promise<Readonly<Record<string, number>>>
  /** The proxy's counters: connections cut, bytes received from the page. */
  line(): Promise<{ readonly cuts: number; readonly askedBytes: number }>
  /** The server accepts only a new token from now on, and closes the connections with the old one. */
  expireToken(): Promise<void>
  /** The token that is valid now. */
  token(): Promise<string>
  /** Nothing gets through, and the browser does not know it. */
  unplug(isUnplugged: boolean): Promise<void>
  /** The browser reports that it is offline, and nothing gets through. */
  offline(isOffline: boolean): Promise<void>
}

/** Opens a lab for as long as the story is shown. */
export function useLab(): { readonly lab?: Lab; readonly error?: Error } {
  const [state, setState] = useState<{ lab?: Lab; error?: Error }>({})
  useEffect(() => {
    let isLeft = false
    const opening = openLab()
    opening.then(
      ({ lab }) => isLeft || setState({ lab }),
      (error: Error) => isLeft || setState({ error }),
    )
    return () => {
      isLeft = true
      opening.then(({ close }) => close()).catch(() => {})
    }
  }, [])
  return state
}

async function openLab(): Promise<{ lab: Lab; close: () => Promise<void> }> {
  const key = crypto.randomUUID()
  const at = (path: string, query: Query = {}) => {
    const fields = Object.entries({ ...query, key }).map(([name, value]) => [name, String(value)])
    return `/wire${path}?${new URLSearchParams(fields)}`
  }
  const { id, port } = await send<{ id: string; port: number }>('POST', at('/lab/proxies'))
  const order = (what: object) => send('POST', at('/lab/proxies', { id }), what).then(() => {})
  const faults = (what: object) => send('POST', at('/lab/faults'), what).then(() => {})
  let generation = 1
  await faults({ token: `token-${generation}` })

  const unplug = (isUnplugged: boolean) => order(isUnplugged ? { passage: 'refusing', cut: true } : { passage: 'open' })

  const lab: Lab = {
    directUrl: at,
    url: (path, query) => `http://127.0.0.1:${port}${at(path, query)}`,
    cut: () => order({ cut: true }),
    stall: (isStalled) => order({ passage: isStalled ? 'stalled' : 'open' }),
    slow: (bytesPerSecond) => order({ bytesPerSecond }),
    unavailable: async (forMs, retryAfterSeconds) => {
      await faults({ unavailableMs: forMs, retryAfter: String(retryAfterSeconds) })
      await order({ cut: true })
    },
    halfOpen: () => order({ halfOpen: true }),
    readSpeed: (bytesPerSecond) =>
      faults({ readBytesPerSecond: Number.isFinite(bytesPerSecond) ? bytesPerSecond : null }),
    receivedBytes: async () => (await send<{ receivedBytes: number }>('GET', at('/lab/stats'))).receivedBytes,
    uploadedBytes: async () =>
      (await send<{ uploadedBytes: Record<string, number> }>('GET', at('/lab/stats'))).uploadedBytes,
    line: () => send('POST', at('/lab/proxies', { id }), {}),
    expireToken: async () => {
      generation += 1
      await faults({ token: `token-${generation}` })
      await order({ cut: true })
    },
    token: async () => (await send<{ token: string }>('GET', at('/lab/token'))).token,
    unplug,
    offline: async (isOffline) => {
      await unplug(isOffline)
      sayOffline(isOffline)
    },
  }
  const close = async () => {
    sayOffline(false)
    // A server that does not read would not notice that we have left.
    await faults({ readBytesPerSecond: null })
    await send('DELETE', at('/lab/proxies', { id }))
  }
  return { lab, close }
}

/** Dispatches the signals of the browser. Nothing is really hidden, frozen or left. */
export const pretend = {
  hidden: (isHidden: boolean): void => {
    if (isHidden === Object.hasOwn(document, 'visibilityState')) return
    if (isHidden) Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })
    else Reflect.deleteProperty(document, 'visibilityState')
    document.dispatchEvent(new Event('visibilitychange'))
  },
  frozen: (isFrozen: boolean): void => {
    document.dispatchEvent(new Event(isFrozen ? 'freeze' : 'resume'))
  },
  left: (isLeft: boolean): void => {
    dispatchEvent(new PageTransitionEvent(isLeft ? 'pagehide' : 'pageshow', { persisted: true }))
  },
}

/** Sets `navigator.onLine` and dispatches its event, because a page cannot go offline by itself. */
function sayOffline(isOffline: boolean): void {
  if (navigator.onLine === !isOffline) return
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => !isOffline })
  dispatchEvent(new Event(isOffline ? 'offline' : 'online'))
}

async function send<T>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) })
  if (!response.ok) throw new Error(`The demo server answered ${response.status} to ${url}`)
  return (await response.json()) as T
}
