import { type HintHandler, setHintHandler } from 'rxwire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { watchBuffering } from '../../../src/http/diagnostics/proxy-buffering.ts'
import { virtualTime } from '../support/virtual-time.ts'

const request = {
  method: 'GET',
  url: 'https://api.example/feed?token=secret',
  headers: new Headers(),
  body: null,
  credentials: 'same-origin',
} as const

virtualTime()

let heard = vi.fn<HintHandler>()

beforeEach(() => {
  heard = vi.fn()
  setHintHandler(heard)
})
afterEach(() => setHintHandler(undefined))

const lines = (count: number) => 'data: a\n\n'.repeat(count)
const bufferful = `ta: a\n\n${lines(9)}da`

/** Delivers the chunks, each after a silence. */
function send(pieces: readonly string[], silenceMs: number, onPiece: () => void | Promise<void> = () => {}): void {
  const take = watchBuffering<string>(request, onPiece)
  let loaded = 0
  for (const piece of pieces) {
    vi.advanceTimersByTime(silenceMs)
    loaded += piece.length
    take(piece, loaded)
  }
}

describe('watchBuffering', () => {
  it('gives a hint for chunks of equal size that end within a line, and omits the query', () => {
    send(['data: a\n\nda', bufferful, bufferful, bufferful], 1_500)
    expect(heard).toHaveBeenCalledTimes(1)
    const { topic, message } = heard.mock.calls[0]?.[0] ?? {}
    expect(topic).toBe('buffering')
    expect(message).toContain('https://api.example/feed seems to be buffered by a proxy')
    expect(message).toContain(`${bufferful.length} bytes`)
  })

  it('counts chunks without a silence between them as one', () => {
    const take = watchBuffering<string>(request, () => {})
    const half = bufferful.length / 2
    let loaded = 0
    for (let n = 0; n < 4; n += 1) {
      vi.advanceTimersByTime(1_500)
      for (const piece of [bufferful.slice(0, half), bufferful.slice(half)]) {
        loaded += piece.length
        take(piece, loaded)
      }
    }
    expect(heard).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['a server that sends equal bursts', Array<string>(9).fill(lines(10)), 1_500],
    ['a network that cuts at varying positions', [10, 11, 12, 13, 14].map((count) => `${lines(count)}da`), 1_500],
    ['a slow server with one long line', Array<string>(9).fill('x'.repeat(40)), 1_500],
    ['chunks that arrive fast', Array<string>(9).fill(bufferful), 900],
  ])('gives no hint for %s', (_, pieces, silenceMs) => {
    send(pieces, silenceMs)
    expect(heard).not.toHaveBeenCalled()
  })

  it('does not count the time that the consumer takes as silence of the server', async () => {
    send(Array<string>(9).fill(bufferful), 0, () => {
      vi.advanceTimersByTime(1_500)
    })
    expect(heard).not.toHaveBeenCalled()

    const take = watchBuffering<string>(request, () => new Promise((taken) => setTimeout(taken, 1_500)))
    for (let n = 1; n < 9; n += 1) {
      const taken = take(bufferful, n * bufferful.length)
      await vi.advanceTimersByTimeAsync(1_500)
      await taken
    }
    expect(heard).not.toHaveBeenCalled()
  })
})
