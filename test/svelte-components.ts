import { compile } from 'svelte/compiler'
import type { Plugin } from 'vite'

/** Compiles Svelte components, for the browser and for a server. */
export function svelteComponents(): Plugin {
  return {
    name: 'svelte-components',
    transform(code, id) {
      if (!id.endsWith('.svelte')) return undefined
      const generate = this.environment.config.consumer === 'server' ? 'server' : 'client'
      const { js } = compile(code, { filename: id, generate, css: 'injected' })
      return { code: js.code, map: JSON.stringify(js.map) }
    },
  }
}
