import '@angular/compiler'
import { Component, provideZonelessChangeDetection } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { effect } from '@preact/signals-core'
import { createRoot } from 'solid-js'
import { effect_root, render_effect } from 'svelte/internal/client'
import { createApp } from 'vue'
import { injectTicks } from './angular.ts'
import { ticksSignals } from './signals.ts'
import { createTicks } from './solid.ts'
import { liveTicks } from './svelte.ts'
import { useTicks } from './vue.ts'

const shown = {}

createApp({
  setup: () => {
    const { connection, data } = useTicks('/ticks')
    return () => {
      shown.vue = `${connection.value} ${data.value}`
    }
  },
}).mount(document.body.appendChild(document.createElement('div')))

const solid = createRoot(() => createTicks('/ticks?solid'))

class View {
  ticks = injectTicks('/ticks?angular')
  text() {
    shown.angular = `${this.ticks.connection()} ${this.ticks.data()}`
  }
}
Component({ selector: 'app-view', template: '{{ text() }}' })(View)
document.body.append(document.createElement('app-view'))
await bootstrapApplication(View, { providers: [provideZonelessChangeDetection()] })

const signals = ticksSignals('/ticks?signals')
effect(() => {
  shown.signals = `${signals.connection.value} ${signals.data.value}`
})

const svelte = liveTicks('/ticks?svelte')
// What the compiler of Svelte makes of `$effect.root(() => $effect.pre(…))`.
effect_root(() => {
  render_effect(() => {
    shown.svelte = `${svelte.connection} ${svelte.data}`
  })
})

setInterval(() => {
  shown.solid = `${solid.connection()} ${solid.data()}`
  document.title = ['vue', 'solid', 'angular', 'signals', 'svelte'].map((name) => shown[name]).join(', ')
}, 50)
