import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { appendedAtMs, MARK, preciseNowMs } from './feed-server/order.ts'

/** Readers of a feed that cost as little as possible: they count items in the bytes of a connection. */
export class FeedClients {
  /** How many items all clients have received. */
  received = 0
  /** How long items took to arrive, of the clients that are asked to look. */
  readonly delaysMs: number[] = []
  readonly #sockets: Socket[] = []

  /** Connects to the feed. `isWatching` also measures the delays. */
  async connect(url: string, kind: 'sse' | 'ws', isWatching = false): Promise<Socket> {
    const { hostname, port, pathname, search } = new URL(url)
    const socket = connect(Number(port), hostname)
    this.#sockets.push(socket)
    const upgrade =
      'upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA=='
    const wants = kind === 'ws' ? upgrade : 'accept: text/event-stream'
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${wants}\r\n\r\n`)
    // The head of the response.
    const [head] = await once(socket, 'data')
    this.#count(head)
    socket.on('data', (bytes: Buffer) => {
      this.#count(bytes)
      if (!isWatching) return
      const nowMs = preciseNowMs()
      for (const atMs of appendedAtMs(bytes.toString('latin1'))) this.delaysMs.push(nowMs - atMs)
    })
    return socket
  }

  /** Waits until all clients together have received this many items. */
  async until(count: number): Promise<void> {
    while (this.received < count) await new Promise((resolve) => setTimeout(resolve, 1))
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #count(bytes: Buffer): void {
    for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + 1)) this.received += 1
  }
}
