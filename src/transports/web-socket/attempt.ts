import { fromAttempt } from '../../attempt.ts'
import { WireError } from '../../errors.ts'
import { type Provider, provide, snapshotOf, usable } from '../../http/provider.ts'
import { type WebSocketLike, webSocket } from '../../platform/implementations.ts'
import { baseUrl } from '../../platform/origin.ts'
import type { AttemptSession } from '../../reconnecting.ts'
import type { Wire } from '../../wire.ts'
import { Conversation } from './conversation.ts'
import type { ReadFrame } from './incoming.ts'
import type { WebSocketOptions } from './options.ts'

/** One attempt: a socket, from the handshake to its end. */
export function socketAttempt<T, C>(
  url: Provider<string | URL>,
  options: WebSocketOptions<T, C>,
  readFrame: ReadFrame<T>,
  session: AttemptSession,
): Wire<T> {
  return fromAttempt<T>(async (sink, signal) => {
    const context = snapshotOf(session)
    const [target, protocols] = await Promise.all([
      provide('url', url, context),
      provide('protocols', options.protocols ?? [], context),
    ])
    // Whoever left while the providers were asked must not be connected any more.
    signal.throwIfAborted()
    const offered = typeof protocols === 'string' ? [protocols] : [...protocols]
    const socket = openSocket(target, offered, options)
    socket.binaryType = options.binaryType ?? 'arraybuffer'
    const conversation = new Conversation(socket, offered, options, readFrame, context, sink, signal)
    if (options.heartbeat !== undefined) session.onProbe(() => conversation.probe())
  })
}

function openSocket<T, C>(target: string | URL, protocols: string[], options: WebSocketOptions<T, C>): WebSocketLike {
  const Socket = webSocket(options)
  if (Socket === undefined) throw new WireError('network', 'This host has no WebSocket. Bring one with the option.')
  const href = usable('url', () => webSocketUrl(target))
  return usable('url or protocols', () => new Socket(href, protocols))
}

/** Hosts of some years ago do not take relative urls, nor those of HTTP. */
function webSocketUrl(target: string | URL): string {
  const url = new URL(target, baseUrl())
  if (url.protocol.startsWith('http')) url.protocol = url.protocol.replace('http', 'ws')
  // [spec] A fragment means nothing to a server, and was an error once.
  url.hash = ''
  return url.href
}
