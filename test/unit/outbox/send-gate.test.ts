import type { WebSocketLike } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { SendGate } from '../../../src/outbox/send-gate.ts'
import { virtualTime } from '../support/virtual-time.ts'

virtualTime()

/** The part of a socket that the gate uses. The test drains the buffer, which no server can do at an exact time. */
class HandMadeSocket {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  readonly sent: unknown[] = []
  /** Whether sent data is buffered. Some hosts pass it on at once and always report 0. */
  buffers = true

  send(frame: string): void {
    this.sent.push(frame)
    if (this.buffers) this.bufferedAmount += frame.length
  }
}

function start(marks = { highBytes: 100, lowBytes: 25 }) {
  const socket = new HandMadeSocket()
  const onPoll = vi.fn()
  const gate = new SendGate(socket as unknown as WebSocketLike, marks, onPoll)
  const send = (bytes: number) => gate.send('x'.repeat(bytes))
  /** Sets the size of the buffer and runs the next check. */
  const drainTo = (bytes: number) => {
    socket.bufferedAmount = bytes
    vi.advanceTimersToNextTimer()
  }
  return { socket, gate, onPoll, send, drainTo }
}

/** The time until the next check of the buffer. */
function nextLookMs(): number {
  const before = Date.now()
  vi.advanceTimersToNextTimer()
  return Date.now() - before
}

describe('SendGate', () => {
  it('is open below the high-water mark and closed from there on', () => {
    const { gate, send } = start()
    expect(gate.isOpen).toBe(true)
    send(99)
    expect(gate.isOpen).toBe(true)
    send(1)
    expect(gate.isOpen).toBe(false)
  })

  it('sends every frame, even while it is closed', () => {
    const { gate, socket } = start()
    const binary = new Uint8Array(200)
    gate.send('x'.repeat(100))
    expect(gate.isOpen).toBe(false)
    gate.send('ping')
    gate.send(binary)
    expect(socket.sent.slice(1)).toEqual(['ping', binary])
  })

  it('opens again at the low-water mark and not earlier', () => {
    const { gate, send, drainTo } = start()
    send(100)
    for (const bytes of [99, 60, 26]) {
      drainTo(bytes)
      expect(gate.isOpen).toBe(false)
    }
    drainTo(25)
    expect(gate.isOpen).toBe(true)
  })

  it('stays open between the marks while the buffer fills', () => {
    const { gate, send, drainTo } = start()
    send(90)
    drainTo(80)
    expect(gate.isOpen).toBe(true)
  })

  it('closes again after it has opened', () => {
    const { gate, send, drainTo } = start()
    send(100)
    drainTo(10)
    send(89)
    expect(gate.isOpen).toBe(true)
    send(1)
    expect(gate.isOpen).toBe(false)
  })

  it('is closed for a socket that is not open', () => {
    const { gate, socket } = start()
    for (const [readyState, isOpen] of [
      [0, false],
      [1, true],
      [2, false],
      [3, false],
    ] as const) {
      socket.readyState = readyState
      expect(gate.isOpen).toBe(isOpen)
    }
  })

  it('reports the current buffer size of the socket', () => {
    const { gate, socket } = start()
    socket.bufferedAmount = 7
    expect(gate.bufferedBytes).toBe(7)
  })

  it('calls back after each check, once it may have opened', () => {
    const { gate, onPoll, send, drainTo } = start()
    const seen: boolean[] = []
    onPoll.mockImplementation(() => seen.push(gate.isOpen))
    send(100)
    drainTo(50)
    drainTo(25)
    drainTo(0)
    expect(seen).toEqual([false, true, true])
  })

  it('runs no timer while nothing is buffered', () => {
    const { onPoll, send, drainTo } = start()
    expect(vi.getTimerCount()).toBe(0)
    send(10)
    send(10)
    expect(vi.getTimerCount()).toBe(1)
    drainTo(5)
    expect(vi.getTimerCount()).toBe(1)
    drainTo(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(onPoll).toHaveBeenCalledTimes(2)
    send(1)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('never closes and never checks on a host that always reports 0', () => {
    const { gate, socket, send } = start()
    socket.buffers = false
    for (let frame = 0; frame < 10; frame++) send(1_000)
    expect(gate.isOpen).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('checks every 4 ms while the buffer drains and backs off to 200 ms while it does not', () => {
    const { send, socket } = start()
    send(100)
    const stuck = Array.from({ length: 12 }, nextLookMs)
    expect(stuck).toEqual([4, 6, 9, 13, 20, 30, 45, 68, 102, 153, 200, 200])
    socket.bufferedAmount = 90
    expect(nextLookMs()).toBe(200)
    for (const bytes of [80, 70]) {
      socket.bufferedAmount = bytes
      expect(nextLookMs()).toBe(4)
    }
    expect([nextLookMs(), nextLookMs()]).toEqual([4, 6])
  })

  it('does not count its own sends as movement', () => {
    const { gate, send } = start()
    send(100)
    vi.advanceTimersToNextTimer()
    send(50)
    expect(nextLookMs()).toBe(6)
    expect(nextLookMs()).toBe(9)
    expect(gate.takeDrained()).toBe(false)
  })

  it('reports once that a backlog has shrunk', () => {
    const { gate, send, drainTo } = start()
    send(200)
    expect(gate.takeDrained()).toBe(false)
    drainTo(200)
    expect(gate.takeDrained()).toBe(false)
    drainTo(150)
    expect(gate.takeDrained()).toBe(true)
    expect(gate.takeDrained()).toBe(false)
    drainTo(120)
    drainTo(120)
    expect(gate.takeDrained()).toBe(true)
    drainTo(25)
    expect(gate.takeDrained()).toBe(true)
  })

  it('does not count a small buffer that empties at once as movement, because the operating system may hold it', () => {
    const { gate, send, drainTo } = start()
    send(99)
    drainTo(0)
    expect(gate.takeDrained()).toBe(false)
  })

  it('counts a whole backlog that empties at once as movement, because some hosts report it in one step', () => {
    const { gate, send, drainTo } = start()
    send(200)
    drainTo(0)
    expect(gate.takeDrained()).toBe(true)
  })

  it('counts bytes that drained before a send in between as movement', () => {
    const { gate, send, socket } = start()
    send(99)
    socket.bufferedAmount = 10
    send(99)
    expect(gate.takeDrained()).toBe(true)
  })

  it('runs no timer after it is stopped', () => {
    const { gate, onPoll, send } = start()
    gate.stop()
    send(100)
    gate.stop()
    gate.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(onPoll).not.toHaveBeenCalled()
  })

  it('runs no timer if its callback stops it', () => {
    const { gate, onPoll, send, drainTo } = start()
    onPoll.mockImplementation(() => gate.stop())
    send(100)
    drainTo(50)
    expect(vi.getTimerCount()).toBe(0)
  })
})
