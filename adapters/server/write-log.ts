import type { Log } from './logs.ts'
import { concat, splitJson } from './payload.ts'
import { notFound } from './read-log.ts'
import { Refusal, respond } from './response.ts'
import { type AppendResult, type LogConfig, type LogHead, mediaType, type Producer } from './store.ts'

/** Serves a PUT. [spec] Durable Streams §5.1 */
export async function createLog(log: Log<unknown>, request: Request, maxBytes: number): Promise<Response> {
  const { headers } = request
  const contentType = headers.get('content-type') ?? 'application/octet-stream'
  const ttlSeconds = ttlIn(headers)
  const expiresAtMs = expiryIn(headers)
  if (ttlSeconds !== undefined && expiresAtMs !== undefined) {
    throw new Refusal(400, 'Stream-TTL and Stream-Expires-At exclude each other.')
  }
  if (headers.has('stream-forked-from')) throw new Refusal(501, 'This server does not fork logs.')
  const body = await readBody(request, maxBytes)
  const items = body.byteLength === 0 ? [] : itemsIn(body, contentType)
  const config: LogConfig = { contentType, ttlSeconds, expiresAtMs }
  const { type, head } = await log.store.create(log.name, config, items, isClosing(headers))
  if (type === 'conflict') throw new Refusal(409, 'The log exists with another configuration.', stateHeaders(head))
  const location = type === 'created' ? request.url : undefined
  return respond(type === 'created' ? 201 : 200, { 'content-type': head.contentType, location, ...stateHeaders(head) })
}

/** Serves a POST. [spec] Durable Streams §5.2 */
export async function appendToLog(log: Log<unknown>, request: Request, maxBytes: number): Promise<Response> {
  const { headers } = request
  const producer = producerIn(headers)
  const close = isClosing(headers)
  const streamSeq = headers.get('stream-seq') ?? undefined
  const body = await readBody(request, maxBytes)
  const isEmpty = body.byteLength === 0
  if (isEmpty && !close) throw new Refusal(400, 'The body is empty.')
  // Without a declared type a page of another origin could append without a preflight.
  const contentType = isEmpty ? undefined : headers.get('content-type')
  if (contentType === null) throw new Refusal(400, 'The Content-Type is missing.')
  const items = contentType === undefined ? [] : itemsIn(body, contentType)
  if (!isEmpty && items.length === 0) throw new Refusal(400, 'The array is empty.')
  const result = await log.store.append(log.name, items, { contentType, producer, streamSeq, close })
  return appendResponse(result, producer, isEmpty)
}

function appendResponse(result: AppendResult, producer: Producer | undefined, isEmpty: boolean): Response {
  if (result.type === 'missing') throw notFound()
  const { head, producer: last } = result
  const state = stateHeaders(head)
  const accepted = producer && last && { 'producer-epoch': String(last.epoch), 'producer-seq': String(last.seq) }
  switch (result.type) {
    case 'appended':
      return respond(producer !== undefined && !isEmpty ? 200 : 204, { ...state, ...accepted })
    case 'duplicate':
      return respond(204, { ...state, ...accepted })
    case 'closed':
      throw new Refusal(409, 'The log is closed.', state)
    case 'mismatch':
      throw new Refusal(409, `The log has the content type ${head.contentType}.`)
    case 'stale':
      throw new Refusal(409, 'Stream-Seq is not greater than the previous one.')
    case 'fenced':
      throw new Refusal(403, 'The producer has a greater epoch.', { 'producer-epoch': String(last?.epoch) })
    case 'gap': {
      const isNewEpoch = last !== undefined && last.seq >= 0 && producer !== undefined && producer.epoch > last.epoch
      if (isNewEpoch) throw new Refusal(400, 'A new epoch starts at Producer-Seq 0.')
      const expected = {
        'producer-expected-seq': String((last?.seq ?? -1) + 1),
        'producer-received-seq': String(producer?.seq),
      }
      throw new Refusal(409, 'An earlier append of the producer is missing.', expected)
    }
  }
}

/** The headers that tell the state of a log. */
export function stateHeaders(head: LogHead): Readonly<Record<string, string | undefined>> {
  return { 'stream-next-offset': head.offset, 'stream-closed': head.closed ? 'true' : undefined }
}

/** [spec] Durable Streams §4.1: any other value is as if it was absent. */
function isClosing(headers: Headers): boolean {
  return headers.get('stream-closed')?.toLowerCase() === 'true'
}

const utf8 = { decoder: new TextDecoder('utf-8', { fatal: true }), encoder: new TextEncoder() } as const

function itemsIn(body: Uint8Array, contentType: string): readonly Uint8Array[] {
  if (mediaType(contentType) !== 'application/json') return [body]
  try {
    return splitJson(utf8.decoder.decode(body)).map((text) => utf8.encoder.encode(text))
  } catch {
    throw new Refusal(400, 'The body is not JSON.')
  }
}

/** Reads a body, at most `maxBytes` of it. */
async function readBody({ headers, body }: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new Refusal(413, `The body has more than ${maxBytes} bytes.`)
  if (Number(headers.get('content-length')) > maxBytes) throw tooLarge
  const parts: Uint8Array[] = []
  let bytes = 0
  const reader = body?.getReader()
  for (;;) {
    const part = await reader?.read()
    if (part?.value === undefined) return concat(parts)
    bytes += part.value.byteLength
    if (bytes > maxBytes) {
      // The rest of the body may be long. Its sender learns the reason sooner this way.
      reader?.cancel().catch(() => {})
      throw tooLarge
    }
    parts.push(part.value)
  }
}

function ttlIn(headers: Headers): number | undefined {
  const text = headers.get('stream-ttl')
  if (text === null) return undefined
  const seconds = Number(text)
  if (!/^(0|[1-9]\d*)$/.test(text) || !Number.isSafeInteger(seconds)) {
    throw new Refusal(400, 'Stream-TTL must be a number of seconds, without sign and leading zeros.')
  }
  return seconds
}

// [spec] RFC 3339 §5.6
const TIMESTAMP = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

function expiryIn(headers: Headers): number | undefined {
  const text = headers.get('stream-expires-at')
  if (text === null) return undefined
  const atMs = TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(atMs)) throw new Refusal(400, 'Stream-Expires-At must be a timestamp of RFC 3339.')
  return atMs
}

/** [spec] Durable Streams §5.2.1: all three headers or none. */
function producerIn(headers: Headers): Producer | undefined {
  const id = headers.get('producer-id')
  const numbers = [headers.get('producer-epoch'), headers.get('producer-seq')]
  if (id === null && numbers.every((number) => number === null)) return undefined
  const [epoch = Number.NaN, seq = Number.NaN] = numbers.map((text) =>
    text !== null && /^\d+$/.test(text) ? Number(text) : Number.NaN,
  )
  if (!id || !Number.isSafeInteger(epoch) || !Number.isSafeInteger(seq)) {
    throw new Refusal(400, 'Producer-Id, Producer-Epoch and Producer-Seq must be an id and two integers.')
  }
  return { id, epoch, seq }
}
