import { useEventSource, useFetchStream, useUpload, useWebSocket, useWire } from 'rxwire/vue'
import { createApp, shallowRef, unref } from 'vue'
import { type Functions, type Harness, type Result, textOf } from './harness.ts'

const functions = {
  wire: useWire,
  eventSource: useEventSource,
  webSocket: useWebSocket,
  fetchStream: useFetchStream,
  upload: useUpload,
} as unknown as Functions

export const vue: Harness = {
  name: 'Vue',
  mount: ({ use, input, source, options, shows, onRender }, container) => {
    const current = shallowRef(input)
    let result: Result = {}
    const app = createApp({
      setup: () => {
        result = functions[use](source?.(() => current.value) ?? current, options)
        return () => {
          onRender()
          return textOf(shows, (name) => unref(result[name]))
        }
      },
    })
    app.mount(container)
    return {
      set: (next) => {
        current.value = next
      },
      read: (name) => unref(result[name]),
      unmount: () => app.unmount(),
    }
  },
}
