/** A block of code in a text in Markdown. */
export interface Example {
  readonly language: string
  readonly code: string
  /** The heading that it stands under, as in an address: `In React` is `in-react`. */
  readonly section: string
}

/** The examples of a page that are meant to compile. What is fenced as `ts before` is of another library. */
export function examplesIn(page: string): readonly Example[] {
  const parts = page.matchAll(/^```(tsx?)\n(.*?)^```|^```.*?^```|^#+ ([^\n]+)$/gms)
  const examples: Example[] = []
  let section = ''
  for (const [, language, code = '', heading] of parts) {
    if (heading !== undefined) section = heading.toLowerCase().replaceAll(' ', '-')
    else if (language !== undefined) examples.push({ language, code, section })
  }
  return examples
}
