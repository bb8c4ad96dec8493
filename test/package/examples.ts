/** Returns the components of a page in the language of a framework, such as `svelte`. */
export function componentsIn(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, code = '']) => code)
}

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
