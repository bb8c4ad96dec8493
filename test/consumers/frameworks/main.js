import '@angular/compiler'
import { Injector, runInInjectionContext } from '@angular/core'
import { fromEventSource, wireStore } from 'rxwire'
import { createRoot } from 'solid-js'
import { effect_root, render_effect } from 'svelte/internal/client'
import { createApp } from 'vue'
import { ticksSignal } from './angular.ts'
import { useTicks } from './solid.ts'
import { ticks } from './svelte.ts'
import { useWireStore } from './vue.ts'

let vue
createApp({
  setup: () => {
    vue = useWireStore(wireStore(fromEventSource('/ticks', { decode: Number })))
    return () => null
  },
}).mount(document.body)
const solid = createRoot(useTicks)
const angular = runInInjectionContext(Injector.create({ providers: [] }), ticksSignal)

let svelte
// What the compiler of Svelte makes of `$effect.root(() => $effect.pre(…))`.
effect_root(() => {
  render_effect(() => {
    svelte = ticks.current
  })
})

const shown = () => [vue.value, solid(), angular(), svelte].map((state) => `${state?.connection} ${state?.data}`)
setInterval(() => {
  document.title = shown().join(', ')
}, 50)
