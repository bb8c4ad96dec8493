import { type ConnectionState, connection, WireError } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { START_MS, virtualTime } from '../support/virtual-time.ts'
import { WireSubject } from '../support/wire-subject.ts'

virtualTime()

function start() {
  const wire = new WireSubject<string>()
  const states: ConnectionState[] = []
  const complete = vi.fn()
  wire.pipe(connection()).subscribe({ next: (state) => states.push(state), complete })
  return { wire, states, complete }
}

describe('connection', () => {
  it('emits the state of the connection and ignores messages and progress', () => {
    const { wire, states } = start()
    const lost = new WireError('network', 'lost', { retryable: true })
    wire.open()
    wire.messages('a', 'b')
    wire.next({ type: 'progress', direction: 'download', loaded: 1 })
    wire.next({ type: 'waiting', attempt: 1, delayMs: 600, cause: lost })
    wire.next({ type: 'close', code: 1000, wasClean: true })
    const calm = { attempt: 0, retryAt: undefined, close: undefined, error: undefined }
    const waiting = { attempt: 1, retryAt: START_MS + 600, close: undefined, error: lost }
    expect(states.slice(0, 3)).toStrictEqual([
      { ...calm, connection: 'connecting' },
      { ...calm, connection: 'open' },
      { ...waiting, connection: 'waiting' },
    ])
    expect(states.slice(3)).toMatchObject([{ connection: 'closed', close: { code: 1000, wasClean: true } }])
  })

  it('completes after failed', () => {
    const { wire, states, complete } = start()
    const refused = new WireError('http', 'refused')
    wire.error(refused)
    expect(states).toMatchObject([{ connection: 'failed', error: refused }])
    expect(complete).toHaveBeenCalledTimes(1)
  })

  it('counts as open after a message without an open event', () => {
    const { wire, states } = start()
    wire.next({ type: 'connecting', attempt: 0 })
    wire.messages('a', 'b')
    expect(states.map((state) => state.connection)).toEqual(['connecting', 'open'])
  })
})
