import { isEnd, isUpToDate, nextOffset } from './log-reader.ts'
import { advance } from './offset.ts'
import { itemJson, itemText, type PayloadKind, pageText } from './payload.ts'
import type { LogPage } from './store.ts'

/** How a log is written as an endless response, or into a socket. */
export interface StreamFormat {
  readonly contentType: string
  /** Before the first page. */
  start(position: string): string
  /** One piece or several. All readers of a page share them, so they must not be changed. */
  page(page: LogPage): readonly Uint8Array[]
  /** For an empty page: a sign of life. */
  idle(page: LogPage): string
  /** Items were lost between two offsets; `undefined` if the format cannot say that. */
  readonly gap: ((from: string, to: string) => string) | undefined
}

/**
 * Server-Sent Events with an id per message. The first block has an id without data, so a client that loses the
 * connection before the first message resumes where it started.
 *
 * @param retryMs How soon a native EventSource reconnects.
 */
export function plainSse(kind: PayloadKind, retryMs: number): StreamFormat {
  return {
    contentType: 'text/event-stream',
    start: (position) => `retry: ${retryMs}\nid: ${position}\n\n`,
    page: (page) => [writtenOnce(page, `sse ${kind}`, () => encoded(sseBlocks(page, kind)))],
    idle: () => ':\n\n',
    gap: (from, to) => `event: gap\nid: ${to}\ndata:${JSON.stringify({ from, to })}\n\n`,
  }
}

/** The events of Durable Streams §5.8: `data` with a page, then `control` with the offset after it. */
export function protocolSse(kind: PayloadKind, cursor: () => string): StreamFormat {
  const control = (page: LogPage) => {
    const streamNextOffset = nextOffset(page)
    const fields = isEnd(page)
      ? { streamNextOffset, streamClosed: true, upToDate: true }
      : { streamNextOffset, streamCursor: cursor(), ...(isUpToDate(page) && { upToDate: true }) }
    return `event: control\ndata:${JSON.stringify(fields)}\n\n`
  }
  return {
    contentType: 'text/event-stream',
    start: () => '',
    page: (page) => {
      const data = () => encoded(`event: data\n${dataLines(pageText(page, kind))}\n`)
      return [writtenOnce(page, `protocol ${kind}`, data), encoded(control(page))]
    },
    idle: control,
    gap: undefined,
  }
}

/** Lines of JSON: `{"id","data"}`. An empty line is a sign of life. */
export function ndjsonLines(kind: PayloadKind): StreamFormat {
  return {
    contentType: 'application/x-ndjson',
    start: () => '',
    page: (page) => [writtenOnce(page, `ndjson ${kind}`, () => encoded(frames(page, kind).join('\n').concat('\n')))],
    idle: () => '\n',
    gap: (from, to) => `${gapFrame(from, to)}\n`,
  }
}

const written = new WeakMap<LogPage, Map<string, unknown>>()

/** Formats a page once for all readers that read the same one. */
function writtenOnce<W>(page: LogPage, format: string, write: () => W): W {
  const formats = written.get(page) ?? new Map<string, unknown>()
  written.set(page, formats)
  const result = (formats.get(format) as W | undefined) ?? write()
  formats.set(format, result)
  return result
}

/** Returns a text in UTF-8. */
export function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function sseBlocks({ after, items }: LogPage, kind: PayloadKind): string {
  return items.map((item, index) => `id: ${advance(after, index + 1)}\n${dataLines(itemText(item, kind))}\n`).join('')
}

/** The frames of a page: `{"id","data"}`. */
export function frames(page: LogPage, kind: PayloadKind): readonly string[] {
  const { after, items } = page
  const frame = (item: Uint8Array, index: number) =>
    `{"id":"${advance(after, index + 1)}","data":${itemJson(item, kind)}}`
  return writtenOnce(page, `frames ${kind}`, () => items.map(frame))
}

export function gapFrame(from: string, to: string, start: { readonly resumed?: true } = {}): string {
  return JSON.stringify({ id: to, ...start, gap: { from, to } })
}

/** [spec] HTML §9.2.6: one `data` field per line; a space after the colon would be removed. */
function dataLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => `data:${line.startsWith(' ') ? ' ' : ''}${line}\n`)
    .join('')
}
