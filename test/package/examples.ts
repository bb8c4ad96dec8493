/** A fenced code block of a Markdown page. */
export interface Example {
  readonly language: string
  readonly code: string
  /** The anchor of the heading above it: `In React` becomes `in-react`. */
  readonly section: string
}

/** Returns the examples of a page that must compile. Skips `ts before` blocks, which use another library. */
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
