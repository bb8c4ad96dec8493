import { createElement, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { useEventSource } from 'rxwire/react'

function Ticks() {
  const { data, connection } = useEventSource('/ticks', { decode: Number, keep: 3 })
  useEffect(() => {
    document.title = `${connection} ${data.join(' ')}`
  })
  return createElement('p', null, data.join(' '))
}

createRoot(document.body).render(createElement(Ticks))
