// Renders on a server with each adapter, and prints how many requests that caused.
import '@angular/compiler'
import { Component, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import { renderToString as renderSolid } from 'solid-js/web'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { injectTicks } from './angular.ts'
import { ticksSignals } from './signals.ts'
import { createTicks } from './solid.ts'
import { liveTicks } from './svelte.ts'
import { useTicks } from './vue.ts'

let requests = 0
globalThis.fetch = () => {
  requests += 1
  return new Promise(() => {})
}
const url = 'http://localhost/ticks'

class View {
  connection = injectTicks(url).connection
}
Component({ selector: 'app-view', template: '{{ connection() }}' })(View)
const providers = [provideServerRendering(), provideZonelessChangeDetection()]
const bootstrap = (context) => bootstrapApplication(View, { providers }, context)

const setup = () => {
  const { connection } = useTicks(url)
  return () => connection.value
}

const states = [
  await renderToString(createSSRApp({ setup })),
  renderSolid(() => createTicks(url).connection()),
  liveTicks(url).connection,
  ticksSignals(url).connection.value,
  /idle/.exec(await renderApplication(bootstrap, { document: '<app-view></app-view>' }))?.[0],
]
await new Promise((resolve) => setTimeout(resolve, 100))
console.info(`${states.join(' ')}, ${requests} requests`)
process.exit()
