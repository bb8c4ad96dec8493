import { concat, NEVER, of, throwError } from 'rxjs'
import { type Wire, WireError, type WireEvent } from 'rxwire'
import { fakeNetwork, recordWire, wireMatchers } from 'rxwire/testing'

expect.extend(wireMatchers)

const events: Wire<number> = of<WireEvent<number>[]>(
  { type: 'connecting', attempt: 0 },
  { type: 'open', status: 200 },
  { type: 'message', data: 1, id: 'a' },
)

/** The message of a failed expectation. */
function failure(expectation: () => void): string {
  try {
    expectation()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('the expectation was met')
}

describe('a record', () => {
  it('has the events, their types and the data, and how the wire ended', () => {
    const completed = recordWire(events)
    expect(completed.events).toHaveLength(3)
    expect(completed.types).toEqual(['connecting', 'open', 'message'])
    expect(completed.data).toEqual([1])
    expect([completed.isComplete, completed.isActive, completed.error]).toEqual([true, false, undefined])
    const failed = recordWire(throwError(() => new WireError('network', 'lost')))
    expect([failed.isComplete, failed.isActive, failed.error?.message]).toEqual([false, false, 'lost'])
    const active = recordWire(concat(events, NEVER))
    expect(active.isActive).toBe(true)
    active.unsubscribe()
    expect([active.isActive, active.isComplete]).toEqual([false, false])
  })
})

describe('recordWire', () => {
  it('calls a function with each event', () => {
    const types: string[] = []
    recordWire(events, ({ type }) => types.push(type))
    expect(types).toEqual(['connecting', 'open', 'message'])
  })
})

describe('toEmit', () => {
  it('compares types, or some fields', () => {
    const seen = recordWire(events)
    expect(seen).toEmit(['connecting', 'open', 'message'])
    expect(seen).toEmit([{ attempt: 0 }, { type: 'open' }, { data: expect.any(Number), id: 'a' }])
    expect(seen).not.toEmit(['connecting', 'open'])
    expect(seen).not.toEmit(['connecting', 'open', 'message', 'close'])
    expect(seen).not.toEmit(['connecting', { type: 'open', status: 500 }, 'message'])
  })

  it('says what was expected and what was emitted', () => {
    const message = failure(() => expect(recordWire(events)).toEmit(['open']))
    expect(message).toMatch(/^expected the wire to emit\n {2}open\nbut it emitted\n/)
    expect(message).toContain('"connecting"')
  })

  it('needs a record', () => {
    expect(failure(() => expect(events).toEmit([]))).toContain('expect(recordWire(wire)).toEmit(…)')
  })
})

describe('toDeliver', () => {
  it('compares the data', () => {
    expect(recordWire(events)).toDeliver([1])
    expect(recordWire(events)).not.toDeliver([1, 2])
    expect(failure(() => expect(recordWire(events)).toDeliver([2]))).toMatch(/deliver\n {2}2\nbut it delivered\n {2}1$/)
  })
})

describe('toFailWith', () => {
  it('compares fields of the error', () => {
    const failed = recordWire(throwError(() => new WireError('network', 'lost', { retryable: true })))
    expect(failed).toFailWith({ kind: 'network', retryable: true })
    expect(failed).not.toFailWith({ kind: 'http' })
    expect(failure(() => expect(failed).toFailWith({ kind: 'http' }))).toContain('but it failed with')
    expect(failure(() => expect(recordWire(events)).toFailWith({}))).toMatch(/but it completed$/)
    expect(failure(() => expect(recordWire(NEVER)).toFailWith({}))).toMatch(/but it has not ended$/)
  })
})

describe('toHaveNoLeaks', () => {
  it('needs a network', () => {
    expect(failure(() => expect({}).toHaveNoLeaks())).toContain('expect(net).toHaveNoLeaks()')
  })

  it('names each connection that is open', async () => {
    const net = fakeNetwork()
    net.install()
    net.log('/ticks')
    expect(net).toHaveNoLeaks()
    const [stream, socket] = [
      new net.implementations.EventSource('/ticks'),
      new net.implementations.WebSocket('/ticks'),
    ]
    await net.advance(1_000)
    const message = failure(() => expect(net).toHaveNoLeaks())
    expect(message).toContain('  request to /ticks, open since 0 ms\n  socket to /ticks, open since 0 ms')
    stream.close()
    socket.close()
    expect(net).toHaveNoLeaks()
    net.uninstall()
  })
})
