import { vi } from 'vitest'

/** A `fetch` that responds with event streams. `say` writes to the last one. */
export function streamServer() {
  const opened: ReadableStreamDefaultController<Uint8Array>[] = []
  const fetch = async () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void opened.push(controller) })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
  const say = async (text: string) => {
    opened.at(-1)?.enqueue(new TextEncoder().encode(text))
    await vi.advanceTimersByTimeAsync(0)
  }
  return { fetch, say }
}
