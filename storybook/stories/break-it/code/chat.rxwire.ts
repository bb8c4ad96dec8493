import { json } from 'rxwire'
import { useWebSocket } from 'rxwire/react'
import type { Said, Saying } from '../chat.tsx'

export function useChat(url: string, getToken: () => Promise<string>, onMessage: (message: Said) => void) {
  return useWebSocket(async () => `${url}&token=${await getToken()}`, {
    key: url,
    decode: json<Said>(),
    encode: json<Saying>(),
    // Enters the room again after the last message that was received.
    idOf: ({ seq }) => String(seq),
    sendOnOpen: ({ cursor = '0' }) => [JSON.stringify({ after: cursor })],
    // Keeps what was sent until the server has confirmed it.
    outbox: { idOf: ({ id }) => id, acknowledge: ({ id }) => id },
    stallTimeoutMs: 3_000,
    onMessage,
  })
}
