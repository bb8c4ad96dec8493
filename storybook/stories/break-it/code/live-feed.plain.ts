import { useEffect, useState } from 'react'
import type { Tick } from '../../../../test/server/prices.ts'

export function useLiveFeed(url: string, getToken: () => Promise<string>, onTick: (tick: Tick) => void) {
  const [connection, setConnection] = useState('connecting')

  useEffect(() => {
    let source: EventSource | undefined
    let hasLeft = false

    getToken().then((token) => {
      if (hasLeft) return
      // EventSource cannot send headers, so the token is part of the address.
      source = new EventSource(`${url}&token=${token}`)
      source.onopen = () => setConnection('open')
      source.onerror = () => {
        // After an HTTP error the browser does not reconnect.
        const isClosed = source?.readyState === EventSource.CLOSED
        setConnection(isClosed ? 'closed' : 'connecting')
      }
      source.onmessage = ({ data }) => onTick(JSON.parse(data))
    })

    return () => {
      hasLeft = true
      source?.close()
    }
  }, [url, getToken, onTick])

  return { connection }
}
