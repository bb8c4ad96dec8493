/** The exports of the README examples. See readme-examples.ts. */
declare module 'virtual:readme/in-react' {
  import type { FunctionComponent } from 'react'

  export const Prices: FunctionComponent
}
declare module 'virtual:readme/sections' {
  export const sections: readonly string[]
}
declare module 'virtual:readme/anywhere-else' {}
declare module 'virtual:readme/a-websocket' {}
