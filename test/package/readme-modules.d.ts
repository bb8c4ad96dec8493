/** The exports of the README examples. See readme-examples.ts. */
declare module 'virtual:readme/live-data' {
  import type { FunctionComponent } from 'react'

  export const Prices: FunctionComponent
}
declare module 'virtual:readme/model-answer' {
  import type { FunctionComponent } from 'react'

  export const Assistant: FunctionComponent
}
declare module 'virtual:readme/resumable-upload' {
  import type { FunctionComponent } from 'react'

  export const Files: FunctionComponent
}
declare module 'virtual:readme/sections' {
  export const sections: readonly string[]
}
