import { describe, expect, it } from 'vitest'
import { findProse } from '../prose/find-prose.ts'

/** The findings as `line: message`, of lines that make a file. */
function check(path: string, ...lines: string[]): readonly string[] {
  return findProse(path, lines.join('\n')).map(({ line, message }) => `${line}: ${message}`)
}

const NOBODY = '"nobody" → name the thing: the connection, the server, the caller'
const ANEW = '"anew" → again'
const UNUSED = 'prose-allow allows nothing → remove it'
const NO_REASON = 'prose-allow has no reason → write one after the colon'

describe('prose check of code', () => {
  it('finds a phrase in a line comment and in TSDoc', () => {
    expect(check('a.ts', 'let a = 1 // begins Anew', '/**', ' * Nobody waits.', ' */')).toEqual([
      `1: ${ANEW.replace('anew', 'Anew')}`,
      `3: ${NOBODY.replace('nobody', 'Nobody')}`,
    ])
  })

  it('finds a phrase in a test title, an error message and a template', () => {
    const lines = ["it('starts anew', () => {", '  throw new Error("no, nobody")', `a(\`at \${at}: anew\`)`, '})']
    expect(check('a.test.ts', ...lines)).toEqual([`1: ${ANEW}`, `2: ${NOBODY}`, `3: ${ANEW}`])
  })

  it('finds a phrase that is split across comment lines or joined strings', () => {
    const midst = '"in the midst" → during, while'
    expect(check('a.ts', '/**', ' * It ends in the', ' * midst of it.', ' */')).toEqual([`2: ${midst}`])
    expect(check('a.ts', '// It ends in', '// the midst of it.')).toEqual([`1: ${midst}`])
    expect(check('a.ts', "const a = 'it ends in the ' +", "  'midst of it'")).toEqual([`1: ${midst}`])
  })

  it('finds a phrase in a JSX text', () => {
    expect(check('a.tsx', 'const a = <p>', "  It's anew", '</p>', "const b = 'anew'")).toEqual([`2: ${ANEW}`])
  })

  it('ignores identifiers, single words in strings, and longer words', () => {
    const lines = ['const nobody: Set<Begun> = anew', "  const begun = ['nobody', `anew`]", '// besides, beginning']
    expect(check('a.ts', ...lines)).toEqual([])
  })

  it('ignores code that is quoted in a comment', () => {
    expect(check('a.ts', '/**', ' * Reads `begun`.', ' * ```ts', ' * anew()', ' * ```', ' */')).toEqual([])
  })

  it('tells regular expressions, divisions and nested templates from texts', () => {
    const nested = `\`\${a ? \`\${{}} x\` : nobody} y\``
    const quotes = ['/[\'"`]/.test(a)', 'anew / 2 + begun / 2', nested, 'begun']
    expect(check('a.ts', ...quotes, '// anew')).toEqual([`5: ${ANEW}`])
    expect(check('a.ts', 'return /[/"]/', '// anew')).toEqual([`2: ${ANEW}`])
  })

  it('does not join a comment and the string after it', () => {
    expect(check('a.ts', '// in the', "a('midst of it')")).toEqual([])
  })
})

describe('prose check of Markdown', () => {
  it('finds a phrase in the text of MDX', () => {
    expect(check('a.mdx', '# Title', '', 'It starts anew.', '<Note>Nobody</Note>')).toEqual([
      `3: ${ANEW}`,
      `4: ${NOBODY.replace('nobody', 'Nobody')}`,
    ])
  })

  it('ignores fences, code spans and link targets', () => {
    const fence = ['```ts', 'anew() // nobody', '```']
    expect(check('a.md', ...fence, '- x', '  ~~~', '  begun', '  ~~~', '`begun` [a](./anew.md)')).toEqual([])
  })

  it('finds a phrase after a fence', () => {
    expect(check('a.md', '```', 'anew', '```', 'anew')).toEqual([`4: ${ANEW}`])
  })
})

describe('prose-allow', () => {
  it('permits a phrase on its own line', () => {
    expect(check('a.ts', "a('told anew') // prose-allow: a quotation")).toEqual([])
    expect(check('a.md', 'anew <!-- prose-allow: a quotation -->')).toEqual([])
  })

  it('permits a phrase on the next line if it has a line to itself', () => {
    expect(check('a.ts', '  // prose-allow: a quotation', "  a('told anew')")).toEqual([])
    expect(check('a.ts', '/**', ' * prose-allow: a quotation', ' * anew', ' */')).toEqual([])
    expect(check('a.tsx', '{/* prose-allow: a quotation */}', '<p>begins anew</p>')).toEqual([])
    expect(check('a.md', '<!-- prose-allow: a quotation -->', 'anew')).toEqual([])
    expect(check('a.mdx', '{/* prose-allow: a quotation */}', 'anew')).toEqual([])
  })

  it('does not permit a phrase two lines below, or on the line after a comment that follows code', () => {
    expect(check('a.md', '<!-- prose-allow: a quotation -->', '', 'anew')).toEqual([`1: ${UNUSED}`, `3: ${ANEW}`])
    expect(check('a.ts', 'a() // prose-allow: a quotation', '// anew')).toEqual([`1: ${UNUSED}`, `2: ${ANEW}`])
  })

  it('is an error without a reason', () => {
    expect(check('a.ts', '// prose-allow:', '// anew')).toEqual([`1: ${NO_REASON}`])
    expect(check('a.ts', '// prose-allow', '// anew')).toEqual([`1: ${NO_REASON}`])
    expect(check('a.md', '<!-- prose-allow: -->', 'anew')).toEqual([`1: ${NO_REASON}`])
    expect(check('a.mdx', '{/* prose-allow: */}', 'anew')).toEqual([`1: ${NO_REASON}`])
  })

  it('is an error if it permits nothing, also if its reason quotes a phrase', () => {
    expect(check('a.ts', '// prose-allow: "anew" is quoted', '// fine')).toEqual([`1: ${UNUSED}`])
  })

  it('has no effect in a string or a fence', () => {
    expect(check('a.ts', "a('// prose-allow: x anew')")).toEqual([`1: ${ANEW}`])
    expect(check('a.md', '```', '<!-- prose-allow: x -->', '```', 'anew')).toEqual([`4: ${ANEW}`])
  })
})
