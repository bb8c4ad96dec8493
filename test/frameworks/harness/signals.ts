import { Signal, signal } from '@preact/signals'
import { h, render } from 'preact'
import { useMemo } from 'preact/hooks'
import { eventSourceSignals, fetchStreamSignals, uploadSignals, webSocketSignals, wireSignals } from 'rxwire/signals'
import { type Functions, type Harness, type Result, textOf } from './harness.ts'

const functions = {
  wire: wireSignals,
  eventSource: eventSourceSignals,
  webSocket: webSocketSignals,
  fetchStream: fetchStreamSignals,
  upload: uploadSignals,
} as unknown as Functions

const readField = (field: unknown) => (field instanceof Signal ? field.value : field)

export const signals: Harness = {
  name: 'Preact signals',
  mount: ({ use, input, source, options, shows, onRender }, container) => {
    const current = signal(input)
    const read = () => current.value
    let result: Result = {}
    function Component() {
      result = useMemo(() => functions[use](source?.(read) ?? read, options), [])
      onRender()
      return h(
        'p',
        {},
        textOf(shows, (name) => readField(result[name])),
      )
    }
    render(h(Component, {}), container)
    return {
      set: (next) => {
        current.value = next
      },
      read: (name) => readField(result[name]),
      unmount: () => render(null, container),
    }
  },
}
