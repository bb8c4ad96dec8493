import { useEffect, useRef, useState } from 'react'
import type { Said, Saying } from '../chat.tsx'

export function useChat(url: string, getToken: () => Promise<string>, onMessage: (message: Said) => void) {
  const [connection, setConnection] = useState('connecting')
  const socketRef = useRef<WebSocket>(undefined)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>

    let hasLeft = false

    async function connect() {
      setConnection('connecting')
      const token = await getToken()
      if (hasLeft) return
      const socket = new WebSocket(`${url}&token=${token}`)
      socketRef.current = socket
      socket.onopen = () => {
        setConnection('open')
        // Enters the room. The server answers with its history.
        socket.send(JSON.stringify({ after: '0' }))
      }
      socket.onmessage = ({ data }) => onMessage(JSON.parse(data))
      socket.onclose = () => {
        if (hasLeft) return
        setConnection('waiting')
        timer = setTimeout(connect, 1_000)
      }
    }

    connect()
    return () => {
      hasLeft = true
      clearTimeout(timer)
      socketRef.current?.close()
    }
  }, [url, getToken, onMessage])

  function send(message: Saying) {
    const socket = socketRef.current
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }

  return { connection, send }
}
