import { useEventSource } from 'rxwire/react'

interface Tick {
  price: number
}

export function Price() {
  const { data, connection } = useEventSource('/ticks', { decode: (text) => JSON.parse(text) as Tick })
  return <p role="status">{`${connection}: ${data?.price}`}</p>
}
