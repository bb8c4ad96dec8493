import { fromEventSource, wireStore } from 'rxwire'
import { fakeNetwork } from 'rxwire/testing'
import { clocks } from './clocks.ts'

const net = fakeNetwork()

describe.each(clocks)('virtual time with %s', (_, time) => {
  beforeEach(() => time.install(net))
  afterEach(() => time.uninstall(net))

  it('is one clock for timers, Date and performance', async () => {
    const seen: [string, number, number][] = []
    const [dateMs, performanceMs] = [Date.now(), performance.now()]
    const note = (name: string) => seen.push([name, Date.now() - dateMs, Math.round(performance.now() - performanceMs)])
    setTimeout(() => note('timeout'), 3_000)
    const interval = setInterval(() => note('interval'), 2_000)
    await net.advance(4_000)
    clearInterval(interval)
    expect(seen).toEqual([
      ['interval', 2_000, 2_000],
      ['timeout', 3_000, 3_000],
      ['interval', 4_000, 4_000],
    ])
    expect(net.atMs).toBe(4_000)
  })

  it('runs what a timer starts without virtual time before the next timer', async () => {
    const seen: string[] = []
    setTimeout(async () => {
      await new Response('body').text()
      seen.push('after the first')
    }, 10)
    setTimeout(() => seen.push('second'), 20)
    await net.advance(20)
    expect(seen).toEqual(['after the first', 'second'])
  })

  it('runs timers that are set at the last moment', async () => {
    let isDone = false
    setTimeout(() => {
      setTimeout(() => {
        isDone = true
      })
    }, 999)
    await net.advance(1_000)
    expect(isDone).toBe(true)
  })

  it('passes to the end if a timer throws, and then throws its error', async () => {
    let isDone = false
    setTimeout(() => {
      throw new RangeError('a bug')
    }, 5)
    setTimeout(() => {
      isDone = true
    }, 7)
    await expect(net.advance(10)).rejects.toThrow('a bug')
    expect([isDone, net.atMs, net.timers]).toEqual([true, 10, 0])
  })

  it('rules the signals that abort after a time', async () => {
    const signal = AbortSignal.timeout(3_000)
    await net.advance(2_999)
    expect(signal.aborted).toBe(false)
    await net.advance(1)
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
  })

  it('ends a loop of requests that takes no time', async () => {
    net.route('GET', '/again', () => 'again')
    const looping = (async () => {
      for (;;) await (await fetch('/again')).text()
    })()
    await expect(looping).rejects.toThrow('more than 10000 connections without time passing, the last one to /again')
    expect(net.leaks()).toHaveLength(1)
  })

  it('does not pass twice at once', async () => {
    const first = net.advance(10)
    await expect(net.advance(10)).rejects.toThrow('advance() is running already')
    await first
    await expect(net.advance(-1)).rejects.toThrow('got -1')
  })

  it('can pass for longer than a timer', async () => {
    const days = 24 * 3_600_000
    let ticks = 0
    const interval = setInterval(() => {
      ticks += 1
    }, 10 * days)
    await net.advance(60 * days)
    clearInterval(interval)
    expect(ticks).toBe(6)
    expect(net.atMs).toBe(60 * days)
  })

  it('starts no timer in a constructor', () => {
    net.log('/ticks')
    const { EventSource, WebSocket, XMLHttpRequest } = globalThis
    expect([new EventSource('/ticks'), new WebSocket('/ticks'), new XMLHttpRequest()]).toHaveLength(3)
    expect(net.timers).toBe(0)
  })

  it('jumps over the time of a sleep', async () => {
    let ranAtMs: number | undefined
    setTimeout(() => {
      ranAtMs = net.atMs
    }, 1_000)
    net.sleep(60_000)
    expect(ranAtMs).toBeUndefined()
    await net.advance(1_000)
    expect(ranAtMs).toBe(61_000)
  })
})

describe.each(clocks)('a clock that is set back, with %s', (_, time) => {
  it('does not delay timers', async () => {
    time.install(net)
    let isDone = false
    setTimeout(() => {
      isDone = true
    }, 1_000)
    const before = Date.now()
    net.shiftClock(-3_600_000)
    expect(Date.now() - before).toBe(-3_600_000)
    await net.advance(1_000)
    expect(isDone).toBe(true)
    time.uninstall(net)
  })
})

describe('timers without a delay', () => {
  it('run without advance, because they take no time', async () => {
    net.install()
    await new Promise((resolve) => setTimeout(resolve))
    expect(net.atMs).toBe(0)
    net.uninstall()
  })
})

describe('two networks', () => {
  it('cannot be installed at once', () => {
    net.install()
    expect(() => fakeNetwork().install()).toThrow('Another fake network is installed')
    net.uninstall()
    const other = fakeNetwork()
    other.install()
    other.uninstall()
  })
})

describe('a network that is installed again', () => {
  it('has no faults, and only the routes that were made before it was installed first', () => {
    const fresh = fakeNetwork()
    fresh.route('GET', '/always', () => 'always')
    fresh.install()
    fresh.route('GET', '/once', () => 'once')
    fresh.refuse()
    expect(fresh.handles('GET', '/once')).toBe(true)
    fresh.uninstall()
    fresh.install()
    expect([fresh.handles('GET', '/always'), fresh.handles('GET', '/once')]).toEqual([true, false])
    expect(fresh.isRefusing).toBe(false)
    fresh.uninstall()
  })
})

describe('real time', () => {
  it('cannot be advanced', async () => {
    await expect(fakeNetwork().advance(1)).rejects.toThrow(/^advance\(\) needs virtual time: call install\(\)/)
  })

  it('is back after uninstall', () => {
    const { setTimeout: hostSetTimeout, Date: HostDate, fetch: hostFetch } = globalThis
    const random = Math.random
    const uninstall = net.install()
    expect(globalThis.fetch).not.toBe(hostFetch)
    expect(Date).not.toBe(HostDate)
    uninstall()
    expect([setTimeout, Date, globalThis.fetch, Math.random]).toEqual([hostSetTimeout, HostDate, hostFetch, random])
  })

  it('stays if install is told so', async () => {
    net.install({ time: false })
    const before = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(Date.now() - before).toBeGreaterThan(0)
    net.uninstall()
  })
})

describe('a store that waits for a frame when the test ends', () => {
  it.each([1, 2])('publishes in test %i', async () => {
    net.install()
    const feed = net.log('/ticks')
    const store = wireStore(fromEventSource('/ticks'))
    let published = 0
    store.subscribe(() => {
      published += 1
    })
    await net.advance(100)
    expect(published).toBeGreaterThan(0)
    // The frame of this message is pending at the end.
    feed.send('late')
    await net.advance()
    net.uninstall()
  })
})

describe('random numbers', () => {
  const numbers = (seed: number) => {
    const net = fakeNetwork({ seed })
    net.install()
    const drawn = [Math.random(), Math.random(), net.random()]
    net.uninstall()
    return drawn
  }

  it('depend on the seed only, and are between 0 and 1', () => {
    expect(numbers(1)).toEqual(numbers(1))
    expect(numbers(1)).not.toEqual(numbers(2))
    for (const number of numbers(3)) expect(number >= 0 && number < 1).toBe(true)
  })
})
