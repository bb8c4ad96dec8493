import { act, createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { useEventSource } from 'rxwire/react'
import { fakeNetwork } from 'rxwire/testing'

globalThis.IS_REACT_ACT_ENVIRONMENT = true

function Ticks() {
  const { data, connection } = useEventSource('/ticks', { decode: Number, keep: 3 })
  return createElement('p', null, `${connection} ${data.join(' ')}`)
}

test('a hook receives a feed', async () => {
  const net = fakeNetwork({ act })
  net.install()
  const feed = net.log('/ticks')
  const root = createRoot(document.body)
  await act(() => root.render(createElement(Ticks)))
  for (const n of [1, 2, 3]) feed.send(n)
  await net.advance(100)
  expect(document.body.textContent).toBe('open 1 2 3')
  await act(() => root.unmount())
  await net.advance()
  net.uninstall()
})
