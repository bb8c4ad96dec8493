// Angular's packages are linked when they are loaded, by its compiler.
import '@angular/compiler'
import { Component, isSignal, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import { Signal } from '@preact/signals'
import { h } from 'preact'
import { renderToString as renderPreact } from 'preact-render-to-string'
import { createElement } from 'react'
import { renderToString as renderReact } from 'react-dom/server'
import { injectEventSource } from 'rxwire/angular'
import { useEventSource as useReactEventSource } from 'rxwire/react'
import { eventSourceSignals } from 'rxwire/signals'
import { createEventSource } from 'rxwire/solid'
import { useEventSource } from 'rxwire/vue'
import { renderToString as renderSolid } from 'solid-js/web'
import { render as renderSvelte } from 'svelte/server'
import { expect, it } from 'vitest'
import { createSSRApp, effectScope, unref } from 'vue'
import { renderToString as renderVue } from 'vue/server-renderer'
import { backend } from '../backend.ts'
import SvelteComponent from './harness/component.svelte'
import { type Functions, type Result, type Shown, textOf } from './harness/harness.ts'

const shows = ['connection', 'data']

/** Calls the function of an adapter in a component. Returns a function that shows the result. */
function setUp(open: unknown, url: string, options: object, readField: (field: unknown) => unknown): () => string {
  const result: Result = (open as Functions['eventSource'])(url, options)
  return () => textOf(shows, (name) => readField(result[name]))
}

const call = (field: unknown) => (field as () => unknown)()
const same = (field: unknown) => field

type Render = (url: string, options: object) => string | Promise<string>

const renders: readonly (readonly [name: string, render: Render])[] = [
  ['Vue', (url, options) => renderVue(createSSRApp({ setup: () => setUp(useEventSource, url, options, unref) }))],
  ['Solid', (url, options) => renderSolid(() => setUp(createEventSource, url, options, call)())],
  [
    'Preact signals',
    (url, options) => {
      const readField = (field: unknown) => (field instanceof Signal ? field.value : field)
      return renderPreact(h(() => h('p', {}, setUp(eventSourceSignals, url, options, readField)()), {}))
    },
  ],
  [
    'Svelte',
    (input, options) => {
      const props = { use: 'eventSource', input, options, shows, onRender: () => {} } satisfies Shown<string>
      return renderSvelte(SvelteComponent, { props: props as never }).body
    },
  ],
  [
    'Angular',
    (url, options) => {
      class View {
        readonly text = setUp(injectEventSource, url, options, (field) => (isSignal(field) ? field() : field))()
      }
      Component({ selector: 'x-view', template: '{{ text }}' })(View)
      const providers = [provideServerRendering(), provideZonelessChangeDetection()]
      const bootstrap = (context: never) => bootstrapApplication(View, { providers }, context)
      return renderApplication(bootstrap as never, { document: '<x-view></x-view>' })
    },
  ],
  ['React', (url, options) => renderReact(createElement(() => setUp(useReactEventSource, url, options, same)()))],
]

it.each(renders)('%s renders the idle state or the dehydrated data, and connects to nothing', async (_, render) => {
  const server = backend()
  const url = server.url('/sse/held')
  expect(await render(url, {})).toContain('idle undefined')
  expect(await render(url, { dehydrated: { data: 'from the server', cursor: '7' } })).toContain('idle from the server')
  // Work that a microtask or a timer of no length would do is done.
  await new Promise((resolve) => setTimeout(resolve))
  expect((await server.stats()).seen).toHaveLength(0)
})

it('connects to nothing in an effect scope of Vue without a page', async () => {
  const server = backend()
  const scope = effectScope()
  scope.run(() => useEventSource(server.url('/sse/held')))
  await new Promise((resolve) => setTimeout(resolve))
  expect((await server.stats()).seen).toHaveLength(0)
  scope.stop()
})
