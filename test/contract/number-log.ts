import type { RequestListener, ServerResponse } from 'node:http'

/** A log of numbers, as Server-Sent Events: each with its id, after `Last-Event-ID`. */
export class NumberLog {
  sent = 0
  /** The most connections at the same time since the last {@link resetPeak}. */
  peak = 0
  /** How many connections were opened. */
  opened = 0
  readonly #open = new Map<ServerResponse, string>()
  #timer: ReturnType<typeof setInterval> | undefined

  /** Serves `/numbers?tab=` and, for all other paths, a short text. */
  readonly serve: RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    if (url.pathname !== '/numbers') {
      response.end('answer')
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    this.opened += 1
    this.#open.set(response, url.searchParams.get('tab') ?? '')
    this.peak = Math.max(this.peak, this.#open.size)
    response.on('close', () => this.#open.delete(response))
    const after = Number(request.headers['last-event-id'] ?? 0)
    response.write(`: hello\n\n${events(after + 1, this.sent)}`)
  }

  /** The tabs with a connection. */
  get tabs(): string[] {
    return [...this.#open.values()]
  }

  resetPeak(): void {
    this.peak = this.#open.size
  }

  send(count: number): void {
    this.sent += count
    for (const response of this.#open.keys()) response.write(events(this.sent - count + 1, this.sent))
  }

  /** Sends without an end, until `stop`. */
  start(everyMs: number, count: number): void {
    this.#timer = setInterval(() => this.send(count), everyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

function events(first: number, last: number): string {
  let text = ''
  for (let number = first; number <= last; number += 1) text += `id: ${number}\ndata: ${number}\n\n`
  return text
}
