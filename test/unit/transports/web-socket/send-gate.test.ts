import type { WebSocketLike } from 'rxwire'
import { describe, expect, it, vi } from 'vitest'
import { SendGate } from '../../../../src/transports/web-socket/send-gate.ts'
import { virtualTime } from '../../support/virtual-time.ts'

virtualTime()

/** What the gate sees of a socket. No server can tell exactly when a buffer drains: the test says so. */
class HandMadeSocket {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  readonly sent: unknown[] = []
  /** Whether what is sent is buffered; some hosts hand it on at once and always say 0. */
  buffers = true

  send(frame: string): void {
    this.sent.push(frame)
    if (this.buffers) this.bufferedAmount += frame.length
  }
}

function start(marks = { highBytes: 100, lowBytes: 25 }) {
  const socket = new HandMadeSocket()
  const onLook = vi.fn()
  const gate = new SendGate(socket as unknown as WebSocketLike, marks, onLook)
  const send = (bytes: number) => gate.send('x'.repeat(bytes))
  /** The buffer is this large now, and is looked at. */
  const drainTo = (bytes: number) => {
    socket.bufferedAmount = bytes
    vi.advanceTimersToNextTimer()
  }
  return { socket, gate, onLook, send, drainTo }
}

/** After how long the buffer is looked at next. */
function nextLookMs(): number {
  const before = Date.now()
  vi.advanceTimersToNextTimer()
  return Date.now() - before
}

describe('SendGate', () => {
  it('is open below the high-water mark, and shut from there on', () => {
    const { gate, send } = start()
    expect(gate.isOpen).toBe(true)
    send(99)
    expect(gate.isOpen).toBe(true)
    send(1)
    expect(gate.isOpen).toBe(false)
  })

  it('sends what it is given, shut or not', () => {
    const { gate, socket } = start()
    const binary = new Uint8Array(200)
    gate.send('x'.repeat(100))
    expect(gate.isOpen).toBe(false)
    gate.send('ping')
    gate.send(binary)
    expect(socket.sent.slice(1)).toEqual(['ping', binary])
  })

  it('opens again at the low-water mark and not before', () => {
    const { gate, send, drainTo } = start()
    send(100)
    for (const bytes of [99, 60, 26]) {
      drainTo(bytes)
      expect(gate.isOpen).toBe(false)
    }
    drainTo(25)
    expect(gate.isOpen).toBe(true)
  })

  it('stays open between the marks on the way up', () => {
    const { gate, send, drainTo } = start()
    send(90)
    drainTo(80)
    expect(gate.isOpen).toBe(true)
  })

  it('shuts again after it has opened', () => {
    const { gate, send, drainTo } = start()
    send(100)
    drainTo(10)
    send(89)
    expect(gate.isOpen).toBe(true)
    send(1)
    expect(gate.isOpen).toBe(false)
  })

  it('is shut for a socket that is not open', () => {
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

  it('tells what the socket has buffered, now', () => {
    const { gate, socket } = start()
    socket.bufferedAmount = 7
    expect(gate.bufferedBytes).toBe(7)
  })

  it('tells whenever it has looked, after it may have opened', () => {
    const { gate, onLook, send, drainTo } = start()
    const seen: boolean[] = []
    onLook.mockImplementation(() => seen.push(gate.isOpen))
    send(100)
    drainTo(50)
    drainTo(25)
    drainTo(0)
    expect(seen).toEqual([false, true, true])
  })

  it('sets no timer while nothing is buffered', () => {
    const { onLook, send, drainTo } = start()
    expect(vi.getTimerCount()).toBe(0)
    send(10)
    send(10)
    expect(vi.getTimerCount()).toBe(1)
    drainTo(5)
    expect(vi.getTimerCount()).toBe(1)
    drainTo(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(onLook).toHaveBeenCalledTimes(2)
    send(1)
    expect(vi.getTimerCount()).toBe(1)
  })

  it('never shuts for a host that always says 0, and never looks', () => {
    const { gate, socket, send } = start()
    socket.buffers = false
    for (let frame = 0; frame < 10; frame++) send(1_000)
    expect(gate.isOpen).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('looks every 4 ms while it drains, and ever less often while nothing moves, at last every 200 ms', () => {
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

  it('does not take what it sends itself for a movement', () => {
    const { gate, send } = start()
    send(100)
    vi.advanceTimersToNextTimer()
    send(50)
    expect(nextLookMs()).toBe(6)
    expect(nextLookMs()).toBe(9)
    expect(gate.takeMoved()).toBe(false)
  })

  it('tells once whether a backlog has become smaller', () => {
    const { gate, send, drainTo } = start()
    send(200)
    expect(gate.takeMoved()).toBe(false)
    drainTo(200)
    expect(gate.takeMoved()).toBe(false)
    drainTo(150)
    expect(gate.takeMoved()).toBe(true)
    expect(gate.takeMoved()).toBe(false)
    drainTo(120)
    drainTo(120)
    expect(gate.takeMoved()).toBe(true)
    drainTo(25)
    expect(gate.takeMoved()).toBe(true)
  })

  it('takes nothing for a backlog that the operating system may have swallowed', () => {
    const { gate, send, drainTo } = start()
    send(99)
    drainTo(0)
    expect(gate.takeMoved()).toBe(false)
  })

  it('takes a whole backlog that is gone at once for a movement, as hosts tell it that count in lumps', () => {
    const { gate, send, drainTo } = start()
    send(200)
    drainTo(0)
    expect(gate.takeMoved()).toBe(true)
  })

  it('sees what drained before a frame that is sent in between', () => {
    const { gate, send, socket } = start()
    send(99)
    socket.bufferedAmount = 10
    send(99)
    expect(gate.takeMoved()).toBe(true)
  })

  it('leaves no timer when it is stopped', () => {
    const { gate, onLook, send } = start()
    gate.stop()
    send(100)
    gate.stop()
    gate.stop()
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(1_000)
    expect(onLook).not.toHaveBeenCalled()
  })

  it('leaves no timer when it is stopped by whoever hears that it has looked', () => {
    const { gate, onLook, send, drainTo } = start()
    onLook.mockImplementation(() => gate.stop())
    send(100)
    drainTo(50)
    expect(vi.getTimerCount()).toBe(0)
  })
})
