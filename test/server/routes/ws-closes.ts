import type { SocketScenario } from '../scenario.ts'

/**
 * Closes with `?code=` and `?reason=` right after opening, on the first `?times=` connections to the same URL (default:
 * all). 1005 sends a close frame without a code, 1006 drops the connection, reserved codes are sent as they are. Later
 * connections get `back` and a clean close, or with `?hold` stay open.
 */
export const wsCloses: SocketScenario = {
  path: '/ws/closes',
  serve({ request, socket, query, lab, key }) {
    const code = Number(query.get('code') ?? 1000)
    const reason = query.get('reason') ?? ''
    const times = lab.of(key).seen.filter(({ url }) => url === request.url).length
    if (times > Number(query.get('times') ?? Number.POSITIVE_INFINITY)) {
      socket.send('back')
      if (!query.has('hold')) socket.close(1000)
    } else if (code === 1005) socket.close()
    // Firefox reports nothing about a connection that is dropped right after it opened.
    else if (code === 1006) setTimeout(() => socket.terminate(), 100)
    else if (isSendable(code)) socket.close(code, reason)
    else request.socket.write(closeFrame(code, reason))
  },
}

/** Whether `ws` agrees to send this code. */
function isSendable(code: number): boolean {
  return (code >= 1000 && code <= 1014 && code !== 1004) || (code >= 3000 && code <= 4999)
}

function closeFrame(code: number, reason: string): Buffer {
  const text = Buffer.from(reason)
  const frame = Buffer.alloc(4 + text.length)
  frame.writeUInt8(0x88, 0)
  frame.writeUInt8(2 + text.length, 1)
  frame.writeUInt16BE(code, 2)
  text.copy(frame, 4)
  return frame
}
