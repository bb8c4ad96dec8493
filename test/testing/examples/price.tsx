import { json } from 'rxwire'
import { useEventSource } from 'rxwire/react'

interface Tick {
  price: number
}

export function Price() {
  const { data, connection } = useEventSource('/ticks', { decode: json<Tick>() })
  return <p role="status">{`${connection}: ${data?.price}`}</p>
}
