import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { useEventSource, useFetchStream, useUpload, useWebSocket, useWire } from 'rxwire/react'
import { type Functions, type Harness, type Mounted, type Result, type Shown, textOf } from './harness.ts'

const functions = {
  wire: useWire,
  eventSource: useEventSource,
  webSocket: useWebSocket,
  fetchStream: useFetchStream,
  upload: useUpload,
} as unknown as Functions

/** React has no reactive values: the state of the component is the input, and a render passes it on. */
export const react: Harness = {
  name: 'React',
  mount: <V,>({ use, input, source, options, shows, onRender }: Shown<V>, container: Element): Mounted<V> => {
    const latest = { input, result: {} as Result, set: (_: V) => {} }
    function View() {
      const [current, setCurrent] = useState(() => input)
      latest.input = current
      latest.set = (next) => setCurrent(() => next)
      latest.result = functions[use](source?.(() => latest.input) ?? current, options)
      onRender()
      return textOf(shows, (name) => latest.result[name])
    }
    const root = createRoot(container)
    root.render(<View />)
    return { set: (next) => latest.set(next), read: (name) => latest.result[name], unmount: () => root.unmount() }
  },
}
