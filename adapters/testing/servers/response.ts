import { encode } from '../connection/bytes.ts'
import type { ServerResponse } from '../connection/http.ts'

/** Turns the result of a handler into a response. `contentType` is that of texts and streams. */
export async function toServerResponse(result: unknown, contentType: string): Promise<ServerResponse> {
  if (result === undefined) return { status: 204, headers: new Headers(), body: [] }
  if (isResponse(result)) {
    return {
      status: result.status,
      headers: new Headers(result.headers),
      body: result.body === null ? [] : read(result.body),
    }
  }
  if (typeof result === 'string') return withType(contentType, [encode(result)])
  if (isAsyncIterable(result)) return withType(contentType, encodeAll(result))
  return withType('application/json', [encode(JSON.stringify(result))])
}

function withType(type: string, body: ServerResponse['body']): ServerResponse {
  return { status: 200, headers: new Headers({ 'content-type': type }), body }
}

function isResponse(value: unknown): value is Response {
  return Object.prototype.toString.call(value) === '[object Response]' || value instanceof Response
}

function isAsyncIterable(value: unknown): value is AsyncIterable<string | Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function* encodeAll(chunks: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield typeof chunk === 'string' ? encode(chunk) : chunk
}

/** Reads a stream. Not every host has streams that can be iterated. */
function read(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader()
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        const { done, value } = await reader.read()
        return done ? { done, value } : { done, value: typeof value === 'string' ? encode(value) : value }
      },
      return: async () => {
        await reader.cancel()
        return { done: true, value: undefined }
      },
    }),
  }
}
