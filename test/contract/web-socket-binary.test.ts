import { createOutbox, fromWebSocket, type SocketFrame, type WebSocketData } from 'rxwire'
import { describe, expect, it } from 'vitest'
import { backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'

/** All byte values, several times. Truncated, padded or decoded as text, they do not compare equal. */
const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => index % 256)

/** Sends a frame to the echo server, and resolves with the message it returns. */
async function echoed(frame: SocketFrame, binaryType?: 'arraybuffer'): Promise<string | ArrayBuffer> {
  const outbox = createOutbox<SocketFrame>()
  const options = { outgoing: outbox, reconnect: quick, ...(binaryType && { binaryType }) }
  const session = record(fromWebSocket(backend().url('/ws/echo'), options))
  await outbox.send(frame)
  return first(session)
}

async function first<T extends WebSocketData>(session: Recording<T>): Promise<T> {
  await session.until('message')
  return session.data()[0] as T
}

function bytesOf(data: unknown): number[] {
  expect(data).toBeInstanceOf(ArrayBuffer)
  return [...new Uint8Array(data as ArrayBuffer)]
}

describe('fromWebSocket, sending to an echo server', () => {
  it('sends and receives an ArrayBuffer', async () => {
    expect(bytesOf(await echoed(bytes.buffer))).toEqual([...bytes])
    expect(bytesOf(await echoed(bytes.buffer, 'arraybuffer'))).toEqual([...bytes])
  })

  it('sends only the bytes that a view covers', async () => {
    expect(bytesOf(await echoed(bytes.subarray(100, 400)))).toEqual([...bytes.slice(100, 400)])
    expect(bytesOf(await echoed(new DataView(bytes.buffer, 7, 5)))).toEqual([7, 8, 9, 10, 11])
    expect(bytesOf(await echoed(new Uint16Array(bytes.buffer, 2, 3)))).toEqual([2, 3, 4, 5, 6, 7])
  })

  it('sends a Blob', async () => {
    expect(bytesOf(await echoed(new Blob([bytes])))).toEqual([...bytes])
  })

  it('delivers binary messages as Blobs with binaryType: `blob`, and text as strings', async () => {
    const outbox = createOutbox<SocketFrame>()
    const url = backend().url('/ws/echo')
    const session = record(fromWebSocket(url, { binaryType: 'blob', outgoing: outbox, reconnect: quick }))
    await outbox.send(bytes)
    await outbox.send('text')
    await session.until('message', 2)
    const [binary, text] = session.data()
    expect(binary).toBeInstanceOf(Blob)
    expect([...new Uint8Array(await (binary as Blob).arrayBuffer())]).toEqual([...bytes])
    expect(text).toBe('text')
  })

  it('sends frames of every kind in order', async () => {
    const outbox = createOutbox<SocketFrame>()
    const session = record(fromWebSocket(backend().url('/ws/echo'), { outgoing: outbox, reconnect: quick }))
    // A Blob is read asynchronously. Later frames must not overtake it.
    const frames = [new Blob([bytes.subarray(0, 3)]), '1', bytes.subarray(3, 6), new Blob(['Ä']), '2', bytes.buffer]
    for (const frame of frames) void outbox.send(frame)
    await session.until('message', frames.length)
    const seen = session.data().map((data) => (typeof data === 'string' ? data : data.byteLength))
    expect(seen).toEqual([3, '1', 3, 2, '2', 1_000])
  })

  it('sends and receives 1 MiB of text with characters of one to four bytes', async () => {
    const text = 'aä€😀'.repeat((1024 * 1024) / 10)
    // Not `toBe`, whose diff would be unreadable.
    expect((await echoed(text)) === text).toBe(true)
  })

  it('sends and receives 1 MiB of bytes', async () => {
    const many = Uint8Array.from({ length: 1024 * 1024 }, (_, index) => (index * 7 + (index >> 8)) % 256)
    const back = new Uint8Array((await echoed(many)) as ArrayBuffer)
    expect(back.length).toBe(many.length)
    expect(back.findIndex((byte, index) => byte !== many[index])).toBe(-1)
  })

  it('sends and receives an empty text', async () => {
    expect(await echoed('')).toBe('')
  })

  it('sends and receives empty binary messages', async () => {
    expect(bytesOf(await echoed(new Uint8Array(0)))).toEqual([])
    expect(bytesOf(await echoed(new ArrayBuffer(0)))).toEqual([])
    expect(bytesOf(await echoed(new Blob([])))).toEqual([])
  })
})
