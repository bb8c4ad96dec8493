// Angular's packages are linked when they are loaded, by its compiler.
import '@angular/compiler'
import { Component, computed, createComponent, isSignal, provideZonelessChangeDetection, signal } from '@angular/core'
import { createApplication } from '@angular/platform-browser'
import { injectEventSource, injectFetchStream, injectUpload, injectWebSocket, injectWire } from 'rxwire/angular'
import { type Functions, type Harness, type Result, textOf } from './harness.ts'

const functions = {
  wire: injectWire,
  eventSource: injectEventSource,
  webSocket: injectWebSocket,
  fetchStream: injectFetchStream,
  upload: injectUpload,
} as unknown as Functions

const readField = (field: unknown) => (isSignal(field) ? field() : field)

export const angular: Harness = {
  name: 'Angular',
  mount: async ({ use, input, source, options, shows, onRender }, container) => {
    const current = signal(input)
    let result: Result = {}
    class View {
      readonly result = functions[use](source?.(current) ?? current, options)
      readonly text = computed(() => {
        onRender()
        return textOf(shows, (name) => readField(this.result[name]))
      })
      constructor() {
        result = this.result
      }
    }
    // Angular warns about two components with one selector.
    Component({ selector: `view-${crypto.randomUUID()}`, template: '{{ text() }}' })(View)
    const app = await createApplication({ providers: [provideZonelessChangeDetection()] })
    const hostElement = container.appendChild(document.createElement('p'))
    const view = createComponent(View, { environmentInjector: app.injector, hostElement })
    app.attachView(view.hostView)
    return {
      set: (next) => current.set(next),
      read: (name) => readField(result[name]),
      unmount: () => {
        view.destroy()
        app.destroy()
      },
    }
  },
}
