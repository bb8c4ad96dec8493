import { createEventSource, createFetchStream, createUpload, createWebSocket, createWire } from 'rxwire/solid'
import { createEffect, createSignal } from 'solid-js'
import { render } from 'solid-js/web'
import { type Functions, type Harness, type Result, textOf } from './harness.ts'

const functions = {
  wire: createWire,
  eventSource: createEventSource,
  webSocket: createWebSocket,
  fetchStream: createFetchStream,
  upload: createUpload,
} as unknown as Functions

const CONTROLS = ['start', 'stop', 'reconnect', 'send', 'feed', 'pause', 'resume', 'cancel', 'remove']

export const solid: Harness = {
  name: 'Solid',
  mount: ({ use, input, source, options, shows, onRender }, container) => {
    const [current, setCurrent] = createSignal(input)
    let result: Result = {}
    const read = (name: string) => (CONTROLS.includes(name) ? result[name] : (result[name] as () => unknown)())
    const unmount = render(() => {
      result = functions[use](source?.(current) ?? current, options)
      const text = document.createTextNode('')
      createEffect(() => {
        onRender()
        text.data = textOf(shows, read)
      })
      return text
    }, container)
    return { set: (next) => setCurrent(() => next), read, unmount }
  },
}
