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

/** The machine sleeps: the clock goes on, the timers do not. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

describe('Heartbeat', () => {
  it('sends a ping each interval, the first after one', () => {
    const { heartbeat, ping } = start()
    ping.mockImplementation(() => heartbeat.alive())
    vi.advanceTimersByTime(999)
    expect(ping).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(ping).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(9_000)
    expect(ping).toHaveBeenCalledTimes(10)
  })

  it('hears the silence after a ping, once, and not before its time', () => {
    const { onSilence } = start()
    vi.advanceTimersByTime(1_299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(60_000)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('hears no silence where there was a sign of life after each ping, however late', () => {
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

  it('does not take what came before a ping for its answer', () => {
    const { heartbeat, onSilence } = start()
    vi.advanceTimersByTime(999)
    heartbeat.alive()
    vi.advanceTimersByTime(300)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('hears the silence after a later ping just as well', () => {
    const { heartbeat, onSilence } = start()
    vi.advanceTimersByTime(1_100)
    heartbeat.alive()
    vi.advanceTimersByTime(1_199)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('waits for the answer to the first of several pings', () => {
    const { onSilence, ping } = start({ everyMs: 100, timeoutMs: 250 })
    vi.advanceTimersByTime(349)
    expect(ping).toHaveBeenCalledTimes(3)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('gives each ping its whole time where pings follow each other faster', () => {
    const { heartbeat, onSilence } = start({ everyMs: 100, timeoutMs: 250 })
    vi.advanceTimersByTime(150)
    heartbeat.alive()
    // Pinged at 200, watched since 100.
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('takes what drained before the ping for no sign of life', () => {
    const { hasDrained, onSilence } = start()
    // Asked once at the ping, about the time before it.
    hasDrained.mockReturnValueOnce(true)
    vi.advanceTimersByTime(1_300)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('waits as long as what was sent before still drains', () => {
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

  it('asks once more after a sleep, and hears the silence then', () => {
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

  it('goes on after a sleep where an answer came in the end', () => {
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

  it('does not ask for ever where one sleep follows another', () => {
    const { onSilence, ping } = start()
    vi.advanceTimersByTime(1_000)
    sleep(3_600_000)
    vi.advanceTimersByTime(300)
    sleep(3_600_000)
    vi.advanceTimersByTime(300)
    expect(ping).toHaveBeenCalledTimes(2)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('asks once more after each sleep that an answer followed', () => {
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

  it('does not take a timer for a sleep that is merely a little late', () => {
    const { onSilence, ping } = start()
    vi.advanceTimersByTime(1_000)
    sleep(300)
    vi.advanceTimersByTime(300)
    expect(onSilence).toHaveBeenCalledTimes(1)
    expect(ping).toHaveBeenCalledTimes(1)
  })

  it('hears the silence also where the clock was set back', () => {
    const { onSilence } = start()
    vi.advanceTimersByTime(1_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    // Once as long again, at most.
    vi.advanceTimersByTime(301)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('hears no silence where the clock was set back and an answer came', () => {
    const { heartbeat, onSilence } = start()
    vi.advanceTimersByTime(1_000)
    vi.setSystemTime(Date.now() - 3_600_000)
    vi.advanceTimersByTime(100)
    heartbeat.alive()
    vi.advanceTimersByTime(899)
    expect(onSilence).not.toHaveBeenCalled()
  })

  it('pings at once when it is asked to, and hears the silence after that', () => {
    const { heartbeat, ping, onSilence } = start()
    vi.advanceTimersByTime(200)
    heartbeat.probe()
    expect(ping).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(299)
    expect(onSilence).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(onSilence).toHaveBeenCalledTimes(1)
  })

  it('forgets what was owed when it is asked to ping, and goes on with its interval from there', () => {
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

  it('sets two timers at most', () => {
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
    ['while an answer is owed', 1_100],
    ['after an answer', 1_400],
  ])('leaves no timer when it is stopped %s', (when, atMs) => {
    const { heartbeat, ping, onSilence } = start()
    if (when === 'after an answer') ping.mockImplementation(() => heartbeat.alive())
    vi.advanceTimersByTime(atMs)
    const pings = ping.mock.calls.length
    heartbeat.stop()
    heartbeat.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(60_000)
    expect(ping).toHaveBeenCalledTimes(pings)
    expect(onSilence).not.toHaveBeenCalled()
  })

  it.each(['ping', 'onSilence'] as const)('leaves no timer when it is stopped by %s', (where) => {
    const pulse = start()
    pulse[where].mockImplementation(() => pulse.heartbeat.stop())
    vi.advanceTimersByTime(1_300)
    expect(pulse[where]).toHaveBeenCalledTimes(1)
    expect(vi.getTimerCount()).toBe(0)
  })
})
