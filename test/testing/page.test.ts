import { fromEventSource, networkStatus, type ReconnectPolicy } from 'rxwire'
import { fakeNetwork, recordWire, wireMatchers } from 'rxwire/testing'

expect.extend(wireMatchers)

const net = fakeNetwork()
beforeEach(() => void net.install())
afterEach(() => {
  net.uninstall()
  net.online()
})

/** An open event stream. */
async function open(reconnect: ReconnectPolicy = {}) {
  const feed = net.log('/ticks')
  const seen = recordWire(fromEventSource('/ticks', { reconnect }))
  feed.send('first')
  await net.advance()
  return { feed, seen }
}

describe('a page', () => {
  it('is offline, and the wire waits for the network', async () => {
    const statuses: string[] = []
    const watching = networkStatus().subscribe((status) => statuses.push(status))
    const { feed, seen } = await open()
    net.offline()
    await net.advance(60_000)
    expect(navigator.onLine).toBe(false)
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', cause: 'offline' })
    net.online()
    await net.advance(1_000)
    expect(feed.attempts).toHaveLength(2)
    expect(statuses).toEqual(['online', 'offline', 'online'])
    watching.unsubscribe()
    seen.unsubscribe()
    expect(net.listeners).toBe(0)
  })

  it('may not notice that the network is gone', async () => {
    const { seen } = await open()
    net.offline({ isReported: false })
    await net.advance(10_000)
    expect(navigator.onLine).toBe(true)
    expect(seen.events.filter(({ type }) => type === 'waiting').length).toBeGreaterThan(1)
  })

  it('is hidden and shown', async () => {
    const { feed, seen } = await open({ whileHidden: 'wait' })
    net.hide()
    expect([document.visibilityState, document.hidden]).toEqual(['hidden', true])
    feed.cut()
    await net.advance(600_000)
    expect(seen.events.at(-1)).toMatchObject({ type: 'waiting', cause: 'hidden' })
    net.show()
    await net.advance(1_000)
    expect(feed.attempts).toHaveLength(2)
  })

  it('tells the window, too, that it was hidden', () => {
    const seen: string[] = []
    const onWindow = () => seen.push('window')
    const onDocument = () => seen.push('document')
    addEventListener('visibilitychange', onWindow)
    document.addEventListener('visibilitychange', onDocument)
    net.hide()
    expect(seen).toEqual(['document', 'window'])
    removeEventListener('visibilitychange', onWindow)
    document.removeEventListener('visibilitychange', onDocument)
  })

  it('runs no timer while it is frozen, and its connections are dead', async () => {
    const { feed, seen } = await open()
    net.freeze()
    feed.send('missed')
    await net.advance(600_000)
    expect(feed.attempts).toHaveLength(1)
    expect(seen).toDeliver(['first'])
    net.resume()
    await net.advance(1_000)
    expect(feed.attempts).toEqual([{ atMs: 0 }, { atMs: expect.any(Number), cursor: '1' }])
    expect(seen).toDeliver(['first', 'missed'])
  })

  it('goes into the back/forward cache and comes back', async () => {
    const { feed } = await open()
    net.pageHide()
    await net.advance()
    expect(net.open).toBe(0)
    net.pageShow()
    await net.advance(1_000)
    expect(feed.attempts).toHaveLength(2)
  })

  it('may keep its connections while it sleeps', async () => {
    const { feed, seen } = await open()
    net.sleep(60_000, { keepsConnections: true })
    feed.send('second')
    await net.advance()
    expect(seen).toDeliver(['first', 'second'])
    expect(feed.attempts).toHaveLength(1)
  })

  it('sleeps, and wakes up with dead connections', async () => {
    const { feed, seen } = await open()
    net.sleep(3_600_000)
    feed.send('missed')
    expect(net.atMs).toBe(3_600_000)
    await net.advance(60_000)
    expect(seen).toDeliver(['first', 'missed'])
    expect(feed.attempts).toHaveLength(2)
  })

  it('needs the network to be installed', () => {
    const loose = fakeNetwork()
    expect(() => loose.hide()).toThrow('hide() needs a page: call install() of the network first.')
    expect(() => loose.freeze()).toThrow(/^freeze\(\) needs a page/)
    expect(() => loose.pageShow()).toThrow(/^pageShow\(\) needs a page/)
  })

  it('is as it was after uninstall', () => {
    const before = () => [typeof document, typeof addEventListener, typeof location]
    net.uninstall()
    const real = before()
    net.install()
    net.hide()
    net.uninstall()
    expect(before()).toEqual(real)
    if (typeof document !== 'undefined') expect(document.visibilityState).toBe('visible')
  })
})

describe('a tab', () => {
  it('has connections of its own, which end with it', async () => {
    const feed = net.log('/ticks')
    const tabs = [net.tab(), net.tab()]
    const records = tabs.map(({ implementations: { fetch } }) => recordWire(fromEventSource('/ticks', { fetch })))
    await net.advance()
    expect([net.open, ...tabs.map(({ open }) => open)]).toEqual([2, 1, 1])
    tabs[0]?.close()
    feed.send('a')
    await net.advance()
    expect(records.map(({ data }) => data.length)).toEqual([0, 1])
    expect(net.open).toBe(1)
    for (const record of records) record.unsubscribe()
  })
})
