declare module '*.svelte' {
  import type { Component } from 'svelte'
  import type { Mounted, Shown } from './harness.ts'

  const component: Component<Shown<never>, { set: (input: never) => void; field: Mounted<never>['read'] }>
  // biome-ignore lint/style/noDefaultExport: a component is the default export of its file.
  export default component
}
