/** What an event stream contains, as plain values. */
export type Said =
  | {
      readonly says: 'event'
      readonly data: string
      readonly event?: string | undefined
      readonly id?: string | undefined
    }
  | { readonly says: 'id'; readonly id: string }
  | { readonly says: 'retry'; readonly delayMs: number }
  | { readonly says: 'comment' }

/** [spec] HTML Standard §9.2.6: a naive parser for a whole stream. */
export function readEventStream(stream: string): Said[] {
  const said: Said[] = []
  let data: string[] = []
  let name = ''
  let id: string | undefined
  // The last line has no line end, so it is not processed.
  const lines = stream.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)
  for (const line of lines.slice(0, -1)) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (line === '') {
      if (data.length > 0) said.push({ says: 'event', data: data.join('\n'), event: name || undefined, id })
      else if (id !== undefined) said.push({ says: 'id', id })
      data = []
      name = ''
      id = undefined
    } else if (line.startsWith(':')) said.push({ says: 'comment' })
    else if (field === 'data') data.push(value)
    else if (field === 'event') name = value
    else if (field === 'id' && !value.includes('\0')) id = value
    else if (field === 'retry' && /^[0-9]+$/.test(value)) said.push({ says: 'retry', delayMs: Number(value) })
  }
  return said
}
