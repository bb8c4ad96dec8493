import type { WebSocket } from 'ws'

/**
 * Receives `?messages=` messages, each starting with its number, and then reports whether they arrived in order. With
 * `?stallMs=`, it starts reading after that time.
 */
export function takeFrames(socket: WebSocket, query: URLSearchParams): void {
  const messages = Number(query.get('messages'))
  const stallMs = Number(query.get('stallMs') ?? 0)
  let count = 0
  let isInOrder = true
  socket.on('message', (frame: Buffer) => {
    isInOrder &&= frame.readUInt32BE(0) === count
    count += 1
    if (count === messages) socket.send(isInOrder ? 'all, in order' : 'all, in disorder')
  })
  if (stallMs === 0) return
  socket.pause()
  setTimeout(() => socket.resume(), stallMs)
}
