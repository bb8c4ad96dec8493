declare module '*/feed.svelte' {
  import type { Component } from 'svelte'
  import type { FeedOptions } from './feed.ts'

  const component: Component<{ url: string; options: FeedOptions }>
  // biome-ignore lint/style/noDefaultExport: a component is the default export of its file.
  export default component
}
