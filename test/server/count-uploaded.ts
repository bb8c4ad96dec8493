import type { Socket } from 'node:net'
import type { Visit } from './scenario.ts'

/** How many bytes of each connection are counted. Connections carry several requests. */
const counted = new WeakMap<Socket, number>()

/** Counts the bytes of a request when it is over, however it ends. */
export function countUploaded(path: string, { request: { socket }, response, lab, key }: Visit): void {
  const { uploadedBytes } = lab.of(key)
  response.on('close', () => {
    uploadedBytes[path] = (uploadedBytes[path] ?? 0) + socket.bytesRead - (counted.get(socket) ?? 0)
    counted.set(socket, socket.bytesRead)
  })
}
