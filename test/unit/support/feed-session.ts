import { tap } from 'rxjs'
import { type AttemptContext, fromEventSource, type ReconnectingOptions, type WireEvent } from 'rxwire'
import { type FakeNetwork, recordWire } from 'rxwire/testing'
import { expect } from 'vitest'

interface Options extends Omit<ReconnectingOptions, 'isAboutCredentials'> {
  readonly onEvent?: (event: WireEvent<string>) => void
}

/** A wire that connects to an event stream. It has no connect timeout by default. */
export function connect(net: FakeNetwork, { resumeFrom, connectTimeoutMs = 1e9, onEvent, ...policy }: Options = {}) {
  const feed = net.log('/feed')
  const contexts: AttemptContext[] = []
  const url = (context: AttemptContext) => {
    contexts.push(context)
    return '/feed'
  }
  const reconnect = { random: () => 0.5, ...policy }
  const seen = recordWire(fromEventSource(url, { resumeFrom, connectTimeoutMs, reconnect }).pipe(tap(onEvent)))
  const lastWait = () => seen.events.findLast((event) => event.type === 'waiting')
  /** Cuts the connection after everything has arrived. */
  const lose = async (thenMs = 0) => {
    await net.advance()
    feed.cut()
    await net.advance(thenMs)
  }
  return { feed, contexts, seen, lastWait, lose }
}

/** A wire that was healthy for ten seconds, and has received a message with the id 7. */
export async function connectHealthy(net: FakeNetwork, options?: Options) {
  const session = connect(net, options)
  session.feed.send('a', { id: '7' })
  // The page checks the clock every ten seconds. The next check is ten seconds away, as at the start.
  await net.advance(10_000)
  return session
}

/** A healthy wire that waits after its connection was lost. */
export async function connectThenLose(net: FakeNetwork, options?: Options) {
  const session = await connectHealthy(net, options)
  await session.lose()
  return session
}

/** A healthy wire that has lost its network. */
export async function connectThenGoOffline(net: FakeNetwork, options?: Options) {
  const session = await connectHealthy(net, options)
  net.offline()
  await net.advance()
  return session
}

const failure = (reason: string) => {
  const message = `GET http://localhost/feed failed: ${reason}.`
  return expect.objectContaining({ kind: 'network', message, retryable: true })
}

/** The error of a connection that was cut after the response had started, or before that. */
export const connectionLost = failure('the connection was lost during the response')
export const noResponse = failure('no response from the server')

export const longWait = { backoff: () => ({ floorMs: 40_000, spanMs: 0 }) }

type Comeback = [string, (net: FakeNetwork) => Promise<void> | void]

export const wakeUps: Comeback[] = [
  ['is resumed', (net) => net.resume()],
  ['is restored from the back/forward cache', (net) => net.pageShow()],
  [
    'has slept',
    // The connections survive. After `net.sleep()` they would be half-open.
    (net) => {
      net.shiftClock(60_000)
      return net.advance(10_000)
    },
  ],
]
export const comebacks: Comeback[] = [...wakeUps, ['is shown', (net) => net.show()]]
