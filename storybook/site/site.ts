import type { DocumentedOption, OptionGroup } from '../reference/read-options.ts'

/** The options of a function or an interface. Texts are HTML. */
export interface OptionTable {
  readonly name: string
  readonly from: string
  readonly kind: 'function' | 'interface'
  readonly text: string
  /** Its page in the API reference, if that was built. */
  readonly href: string | undefined
  /** The address of the page that shows its table. */
  readonly page: string | undefined
  readonly groups: readonly (OptionGroup & { readonly href: string | undefined })[]
}

export type OptionRow = DocumentedOption

/** What the pages know about each other. */
export interface Site {
  /** The address of the repository. `undefined` while it has no name. */
  readonly repository: string | undefined
  readonly pages: readonly { readonly id: string; readonly file: string; readonly title: string }[]
}
