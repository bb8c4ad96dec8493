import { describe, expect, it, vi } from 'vitest'
import { Heartbeat } from '../../../../src/transports/web-socket/heartbeat.ts'
import { virtualTime } from '../../support/virtual-time.ts'

virtualTime()

function start({ everyMs = 1_000, timeoutMs = 300 } = {}) {
  const ping = vi.fn()
  const onSilence = vi.fn()
  const hasDrained = vi.fn(() => false)
  const heartbeat = new Heartbeat({ everyMs, timeoutMs, ping, hasDrained, onSilence })
  return { heartbeat, ping, onSilence, hasDrained }
}

/** Simulates a sleep of the machine: the clock advances, timers do not run. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

describe('Heartbeat', () => {
  it('sends a ping per interval, the first one after an interval', () => {
    const { heartbeat, ping } = start()
    ping.mockImplementation(() => heartbeat.alive())
    vi.advanceTimersByTime(999)
    expect(ping).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(ping).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(9_000)
    expect(ping).toHaveBeenCalledTimes(10)
  })

  it('reports silence once, timeoutMs after a ping', () => {
    const { onSilence } = start()
    vi.advanceTimersByTime(1_299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('reports no silence if there is activity after each ping, however late', () => {
    const { heartbeat, onSilence } = start()
    for (let beat = 0; beat < 10; beat++) {
      vi.advanceTimersByTime(1_000)
      vi.advanceTimersByTime(299)
      heartbeat.alive()
      vi.advanceTimersByTime(1)
      expect(onSilence).not.toHaveBeenCalled()
      vi.advanceTimersByTime(700)
      heartbeat.alive()
    }
    expect(onSilence).not.toHaveBeenCalled()
  })

  it('does not count activity before a ping as its response', () => {
    const { heartbeat, onSilence } = start()
    vi.advanceTimersByTime(999)
    heartbeat.alive()
    vi.advanceTimersByTime(300)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('reports silence after a later ping', () => {
    const { heartbeat, onSilence } = start()
    vi.advanceTimersByTime(1_100)
    heartbeat.alive()
    vi.advanceTimersByTime(1_199)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('waits for the response to the first of several pings', () => {
    const { onSilence, ping } = start({ everyMs: 100, timeoutMs: 250 })
    vi.advanceTimersByTime(349)
    expect(ping).toHaveBeenCalledTimes(3)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('gives each ping its whole timeoutMs even if pings are more frequent', () => {
    const { heartbeat, onSilence } = start({ everyMs: 100, timeoutMs: 250 })
    vi.advanceTimersByTime(150)
    heartbeat.alive()
    // The ping at 200 ms is due at 450 ms. The running timer was set at 100 ms.
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('does not count bytes that drained before the ping as activity', () => {
    const { hasDrained, onSilence } = start()
    // The call at the ping covers the time before it.
    hasDrained.mockReturnValueOnce(true)
    vi.advanceTimersByTime(1_300)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('keeps waiting while earlier bytes still drain', () => {
    const { hasDrained, onSilence, ping } = start()
    hasDrained.mockReturnValue(true)
    vi.advanceTimersByTime(1_300 + 4 * 300)
    expect(onSilence).not.toHaveBeenCalled()
    hasDrained.mockReturnValue(false)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
    expect(ping).toHaveBeenCalledTimes(2)
  })

  it('pings once more after a sleep and then reports silence', () => {
    const { onSilence, ping } = start()
    vi.advanceTimersByTime(1_000)
    sleep(3_600_000)
    vi.advanceTimersByTime(300)
    expect(onSilence).not.toHaveBeenCalled()
    expect(ping).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
    expect(ping).toHaveBeenCalledTimes(2)
  })

  it('continues after a sleep if a response arrives', () => {
    const { heartbeat, onSilence, ping } = start()
    vi.advanceTimersByTime(1_000)
    sleep(3_600_000)
    vi.advanceTimersByTime(300)
    heartbeat.alive()
    vi.advanceTimersByTime(699)
    expect(ping).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1)
    expect(ping).toHaveBeenCalledTimes(3)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(300)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('does not ping again if one sleep follows another', () => {
    const { onSilence, ping } = start()
    vi.advanceTimersByTime(1_000)
    sleep(3_600_000)
    vi.advanceTimersByTime(300)
    sleep(3_600_000)
    vi.advanceTimersByTime(300)
    expect(ping).toHaveBeenCalledTimes(2)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('pings once more after each sleep that a response followed', () => {
    const { heartbeat, onSilence, ping } = start()
    for (let night = 0; night < 3; night++) {
      ping.mockClear()
      vi.advanceTimersByTime(1_000)
      sleep(3_600_000)
      vi.advanceTimersByTime(300)
      expect(ping).toHaveBeenCalledTimes(2)
      heartbeat.alive()
      vi.advanceTimersByTime(700)
      heartbeat.alive()
    }
    expect(onSilence).not.toHaveBeenCalled()
  })

  it('does not treat a slightly late timer as a sleep', () => {
    const { onSilence, ping } = start()
    vi.advanceTimersByTime(1_000)
    sleep(300)
    vi.advanceTimersByTime(300)
    expect(onSilence).toHaveBeenCalledTimes(1)
    expect(ping).toHaveBeenCalledTimes(1)
  })

  it('reports silence even if the clock is set back', () => {
    const { onSilence } = start()
    vi.advanceTimersByTime(1_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    // At most timeoutMs later.
    vi.advanceTimersByTime(301)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('reports no silence if the clock is set back and a response arrives', () => {
    const { heartbeat, onSilence } = start()
    vi.advanceTimersByTime(1_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(100)
    heartbeat.alive()
    vi.advanceTimersByTime(899)
    expect(onSilence).not.toHaveBeenCalled()
  })

  it('pings at once on probe and then reports silence', () => {
    const { heartbeat, ping, onSilence } = start()
    vi.advanceTimersByTime(200)
    heartbeat.probe()
    expect(ping).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('discards pending responses on probe and restarts its interval', () => {
    const { heartbeat, ping, onSilence } = start()
    vi.advanceTimersByTime(1_200)
    heartbeat.probe()
    expect(ping).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    heartbeat.alive()
    vi.advanceTimersByTime(700)
    expect(ping).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1)
    expect(ping).toHaveBeenCalledTimes(3)
  })

  it('runs at most two timers', () => {
    const { heartbeat } = start({ everyMs: 100, timeoutMs: 250 })
    expect(vi.getTimerCount()).toBe(1)
    for (let step = 0; step < 50; step++) {
      vi.advanceTimersByTime(60)
      heartbeat.alive()
      expect(vi.getTimerCount()).toBeLessThanOrEqual(2)
    }
  })

  it.each([
    ['before the first ping', 500],
    ['while a response is pending', 1_100],
    ['after a response', 1_400],
  ])('clears its timers when it is stopped %s', (when, atMs) => {
    const { heartbeat, ping, onSilence } = start()
    if (when === 'after a response') ping.mockImplementation(() => heartbeat.alive())
    vi.advanceTimersByTime(atMs)
    const pings = ping.mock.calls.length
    heartbeat.stop()
    heartbeat.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(ping).toHaveBeenCalledTimes(pings)
    expect(onSilence).not.toHaveBeenCalled()
  })

  it.each(['ping', 'onSilence'] as const)('clears its timers when it is stopped by %s', (where) => {
    const pulse = start()
    pulse[where].mockImplementation(() => pulse.heartbeat.stop())
    vi.advanceTimersByTime(1_300)
    expect(pulse[where]).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})
