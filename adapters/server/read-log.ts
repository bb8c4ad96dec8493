import { isEnd, isUpToDate, LogReader, nextOffset } from './log-reader.ts'
import type { Log } from './logs.ts'
import { EARLIEST, NOW, seqOf } from './offset.ts'
import type { ResolvedOptions } from './options.ts'
import { pageBytes, payloadKind } from './payload.ts'
import { parseReadRequest } from './read-request.ts'
import { type HeaderValues, Refusal, respond } from './response.ts'
import type { LogHead, LogPage } from './store.ts'
import { streamBody } from './stream-body.ts'
import { ndjsonLines, plainSse, protocolSse } from './stream-formats.ts'

/** Serves a GET. @param mayRead Whether the request is still authorized. */
export async function readLog(
  log: Log<unknown>,
  request: Request,
  options: ResolvedOptions,
  mayRead: () => Promise<boolean>,
): Promise<Response> {
  const { mode, from = options.start === 'earliest' ? EARLIEST : NOW } = parseReadRequest(request)
  const stop = new AbortController()
  // Most runtimes cancel the body, some abort the signal of the request, some do both.
  request.signal.addEventListener('abort', () => stop.abort(), { signal: stop.signal })
  if (request.signal.aborted) stop.abort()
  const reader = readerOf(log, from, options, stop.signal)
  if (mode === 'catch-up' || mode === 'long-poll') {
    try {
      if (mode === 'long-poll') return await longPoll(request, reader, options)
      return pageResponse(request, await firstPage(reader), options, from)
    } finally {
      stop.abort()
    }
  }
  const isProtocol = mode === 'protocol-sse'
  const first = await reader.next(0)
  if (first.type === 'missing') throw notFound()
  if (first.type === 'gone' && isProtocol) throw gone(first.head)
  // [spec] HTML §9.2.3: 204 tells an EventSource not to reconnect.
  if (!isProtocol && first.type === 'page' && first.items.length === 0 && isEnd(first)) return respond(204)
  const kind = payloadKind(first.head.contentType)
  const format = isProtocol
    ? protocolSse(kind, () => cursorFor(request))
    : mode === 'sse'
      ? plainSse(kind, options.retryMs)
      : ndjsonLines(kind)
  const body = streamBody({ reader, first, from, format, options, stop, mayRead, endsAtRotation: isProtocol })
  const headers = {
    'content-type': format.contentType,
    'cache-control': 'no-cache, no-store, no-transform',
    // Some compressors of Node servers ignore `no-transform`, and would hold the messages back.
    'content-encoding': 'identity',
    'x-accel-buffering': 'no',
    vary: 'Accept',
    // After a gap, the first line says where the log continues.
    'stream-next-offset': first.type === 'page' ? first.after : undefined,
    ...(kind === 'base64' && { 'stream-sse-data-encoding': 'base64' }),
  }
  return respond(200, headers, body)
}

function readerOf(log: Log<unknown>, from: string, options: ResolvedOptions, signal: AbortSignal): LogReader {
  const limit = { items: options.pageItems, bytes: options.pageBytes }
  return new LogReader(log.store, log.name, from, { limit, maxBehind: options.maxBehind }, signal)
}

async function longPoll(request: Request, reader: LogReader, options: ResolvedOptions): Promise<Response> {
  let page = await firstPage(reader)
  if (page.items.length === 0 && !page.head.closed) page = await firstPage(reader, options.holdMs)
  const cursor = { 'stream-cursor': isEnd(page) ? undefined : cursorFor(request) }
  if (page.items.length > 0) return pageResponse(request, page, options, page.after, cursor)
  return respond(204, { ...positionHeaders(page), ...cursor })
}

async function firstPage(reader: LogReader, waitMs = 0): Promise<LogPage> {
  const result = await reader.next(waitMs)
  if (result.type === 'missing') throw notFound()
  if (result.type === 'gone') throw gone(result.head)
  return result
}

function pageResponse(
  request: Request,
  page: LogPage,
  { cacheControl }: ResolvedOptions,
  from: string,
  headers: HeaderValues = {},
): Response {
  const { contentType } = page.head
  // [spec] Durable Streams §10.1: the tag also tells whether the end was reached.
  const [epoch, start] = page.after.split('_')
  const etag = `"${epoch}:${Number(start)}:${seqOf(nextOffset(page))}${isEnd(page) ? ':c' : ''}"`
  const isCacheable = from !== NOW && page.items.length > 0
  const all = {
    ...positionHeaders(page),
    'content-type': contentType,
    'cache-control': isCacheable ? cacheControl : 'no-store',
    // Without `live`, the same address serves streams.
    vary: 'Accept',
    etag: from === NOW ? undefined : etag,
    ...headers,
  }
  const known = request.headers.get('if-none-match')?.split(',') ?? []
  if (from !== NOW && known.some((tag) => tag.trim().replace(/^W\//, '') === etag)) return respond(304, all)
  return respond(200, all, pageBytes(page, payloadKind(contentType)))
}

function positionHeaders(page: LogPage): HeaderValues {
  return {
    'stream-next-offset': nextOffset(page),
    'stream-up-to-date': isUpToDate(page) ? 'true' : undefined,
    'stream-closed': isEnd(page) ? 'true' : undefined,
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'There is no such log.')
}

function gone({ earliest }: LogHead): Refusal {
  const reason = 'Items after this offset are gone, or they are of another log of this name.'
  return new Refusal(410, reason, { 'stream-earliest-offset': earliest })
}

const CURSOR_EPOCH_MS = Date.UTC(2024, 9, 9)
const CURSOR_INTERVAL_MS = 20_000

/**
 * Returns the value that keeps a CDN from answering a poll from its cache for ever.
 *
 * [spec] Durable Streams §10.1: an interval number, always greater than the one that the client sends.
 */
function cursorFor(request: Request): string {
  const current = Math.floor((Date.now() - CURSOR_EPOCH_MS) / CURSOR_INTERVAL_MS)
  const sent = Number(new URL(request.url).searchParams.get('cursor') ?? Number.NaN)
  if (!(Number.isSafeInteger(sent) && sent >= current)) return String(current)
  const jitterMs = 1_000 + Math.random() * 3_599_000
  return String(sent + Math.max(1, Math.floor(jitterMs / CURSOR_INTERVAL_MS)))
}
