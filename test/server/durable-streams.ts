import { DurableStreamTestServer } from '@durable-streams/server'
import { onTestFinished } from 'vitest'

/** A stream of the reference server. */
interface ReferenceStream {
  readonly url: string
  /** Appends to the stream. A JSON array appends its elements. Returns the offset after it. */
  append(body: BodyInit): Promise<string>
  close(): Promise<void>
}

/** The reference server of the Durable Streams protocol. */
export interface ReferenceServer {
  readonly port: number
  /** Creates a stream. */
  create(path: string, contentType?: string): Promise<ReferenceStream>
}

/** Starts the reference server for one test. */
export async function startReferenceServer(longPollTimeout = 1_000): Promise<ReferenceServer> {
  const server = new DurableStreamTestServer({ port: 0, longPollTimeout })
  const base = await server.start()
  onTestFinished(() => server.stop())
  return {
    port: Number(new URL(base).port),
    create: async (path, contentType = 'application/json') => {
      const url = base + path
      const send = async (method: string, init: RequestInit = {}) => {
        const response = await fetch(url, {
          ...init,
          method,
          headers: { 'content-type': contentType, ...init.headers },
        })
        if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
        return response.headers.get('stream-next-offset') ?? ''
      }
      await send('PUT')
      return {
        url,
        append: (body) => send('POST', { body }),
        close: async () => {
          await send('POST', { headers: { 'stream-closed': 'true' } })
        },
      }
    },
  }
}
