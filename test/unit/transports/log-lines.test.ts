import { logLines } from 'rxwire'
import { expect, it, vi } from 'vitest'
import type { TextStreamDecoder } from '../../../src/decoders/stream-decoder.ts'

/** Decodes a body, and records what the decoder says in order. */
function decode(body: string, headers: Record<string, string> = {}) {
  const decoder = logLines<number>().decode as TextStreamDecoder<number>
  const said: unknown[] = []
  const control = {
    moveCursor: (id: string) => said.push(['start', id]),
    gap: (id: string) => said.push(['gap', id]),
    retryAfter: vi.fn(),
  }
  const parser = decoder.start(
    (record, id) => {
      try {
        said.push([decoder.decode(record as never), id])
      } catch {
        said.push(['bad', id])
      }
    },
    control,
    { status: 200, headers: new Headers(headers) },
  )
  parser.push(body)
  parser.end()
  return said
}

it.each([
  [
    'messages with their ids',
    '{"id":"1","data":7}\n{"id":"2","data":8}\n',
    {},
    [
      [7, '1'],
      [8, '2'],
    ],
  ],
  ['where the server has started', '', { 'stream-next-offset': '0' }, [['start', '0']]],
  [
    'a gap between messages',
    '{"id":"5","gap":{"from":"1","to":"5"}}\n{"id":"6","data":9}\n',
    {},
    [
      ['gap', '5'],
      [9, '6'],
    ],
  ],
  ['a sign of life', '\n\n', {}, []],
  [
    'a line that is not JSON',
    'oops\n{"id":"1","data":7}\n',
    {},
    [
      ['bad', undefined],
      [7, '1'],
    ],
  ],
  [
    'lines of another server',
    'null\n5\n{"id":"1"}\n',
    {},
    [
      ['bad', undefined],
      ['bad', undefined],
      ['bad', '1'],
    ],
  ],
])('logLines decodes %s', (_, body, headers, expected) => {
  expect(decode(body, headers)).toEqual(expected)
})

it('logLines resumes by a header after the first message', () => {
  const { headers } = logLines()
  const context = { attempt: 0, cause: undefined }
  expect(headers({ ...context, cursor: undefined })).toEqual({ accept: 'application/x-ndjson' })
  expect(headers({ ...context, cursor: '5' })).toEqual({ accept: 'application/x-ndjson', 'last-event-id': '5' })
})

it('logLines refuses a limit that is not positive', () => {
  expect(() => logLines({ stallTimeoutMs: 0 })).toThrow('logLines: stallTimeoutMs')
})
