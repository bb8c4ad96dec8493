// Renders on a server with each recipe, and prints how many requests that caused.
import '@angular/compiler'
import { Injector, runInInjectionContext } from '@angular/core'
import { fromEventSource, wireStore } from 'rxwire'
import { createRoot } from 'solid-js'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { ticksSignal } from './angular.ts'
import { useTicks } from './solid.ts'
import { ticks } from './svelte.ts'
import { useWireStore } from './vue.ts'

let requests = 0
globalThis.fetch = () => {
  requests += 1
  return new Promise(() => {})
}
const store = wireStore(fromEventSource('http://localhost/ticks'))
const setup = () => {
  const state = useWireStore(store)
  return () => state.value.connection
}
await renderToString(createSSRApp({ setup }))
createRoot(useTicks)
runInInjectionContext(Injector.create({ providers: [] }), ticksSignal)
const { connection } = ticks.current
await new Promise((resolve) => setTimeout(resolve, 100))
console.info(`${connection}, ${requests} requests`)
process.exit()
