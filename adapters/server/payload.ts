import type { LogPage } from './store.ts'
import { mediaType } from './store.ts'

/** How the items of a log travel in text: as JSON, as text, or as base64. */
export type PayloadKind = 'json' | 'text' | 'base64'

/** [spec] Durable Streams §5.8: every type but `text/*` and JSON is binary. */
export function payloadKind(contentType: string): PayloadKind {
  const type = mediaType(contentType)
  if (type === 'application/json') return 'json'
  return type.startsWith('text/') ? 'text' : 'base64'
}

const decoder = new TextDecoder()

/** Returns an item as text. */
export function itemText(item: Uint8Array, kind: PayloadKind): string {
  return kind === 'base64' ? base64(item) : decoder.decode(item)
}

/** Returns an item as JSON without line breaks. In JSON a line break can only be white space between tokens. */
export function itemJson(item: Uint8Array, kind: PayloadKind): string {
  const text = itemText(item, kind)
  return kind === 'json' ? text.replaceAll(/[\r\n]/g, ' ') : JSON.stringify(text)
}

/** Returns a page as one text: JSON items as an array, others one after the other. */
export function pageText({ items }: LogPage, kind: PayloadKind): string {
  if (kind === 'json') return `[${items.map((item) => decoder.decode(item)).join(',')}]`
  return itemText(concat(items), kind)
}

/** Returns a page as the body of a response. */
export function pageBytes(page: LogPage, kind: PayloadKind): Uint8Array<ArrayBuffer> {
  return kind === 'json' ? new TextEncoder().encode(pageText(page, kind)) : concat(page.items)
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  // `fromCharCode` accepts a limited number of arguments.
  for (let at = 0; at < bytes.byteLength; at += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  }
  return btoa(binary)
}

/**
 * Splits the body of an append into messages: one level of an array, else the body itself. The text of each message is
 * kept as it is, so large numbers keep their digits.
 *
 * [spec] Durable Streams §9.1.2
 *
 * @throws SyntaxError if the text is not JSON.
 */
export function splitJson(text: string): readonly string[] {
  const value: unknown = JSON.parse(text)
  if (!Array.isArray(value)) return [text.trim()]
  const parts: string[] = []
  const start = text.indexOf('[') + 1
  let depth = 0
  let from = start
  // The text is valid, so only strings and brackets matter.
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    if (index < start || token.startsWith('"')) continue
    if (token === '[' || token === '{') depth += 1
    else if (depth > 0) depth -= token === ',' ? 0 : 1
    else {
      parts.push(text.slice(from, index).trim())
      from = index + 1
    }
  }
  return value.length === 0 ? [] : parts
}
