/** Phrases that the prose of this package avoids, and what to write instead. */
export interface AvoidRule {
  /** Matched as whole words, in any case, also across a line break. */
  readonly phrases: readonly string[]
  readonly instead: string
}

const NAME_THE_THING = 'name the thing: the connection, the server, the caller'

export const AVOID: readonly AvoidRule[] = [
  { phrases: ['anew'], instead: 'again' },
  { phrases: ['begun'], instead: 'started' },
  { phrases: ['in the midst'], instead: 'during, while' },
  { phrases: ['gone on with'], instead: 'resumed' },
  { phrases: ['of no use'], instead: 'invalid, unusable, not needed' },
  { phrases: ['makes no sense', 'make no sense'], instead: 'invalid, and why' },
  { phrases: ['what is come', 'what has come'], instead: 'what was received' },
  { phrases: ['beside'], instead: 'next to, with, compared with' },
  { phrases: ['as long as it takes'], instead: 'until done' },
  { phrases: ['told of'], instead: 'notified of' },
  { phrases: ['whoever', 'whomever', 'who comes', 'somebody', 'nobody', 'anybody'], instead: NAME_THE_THING },
]

/** Files with prose. */
export const INCLUDED: readonly string[] = [
  '{src,adapters,test,storybook}/**/*.{ts,tsx,mjs,cjs}',
  '{README,CONTRIBUTING,CHANGELOG}.md',
  '.github/**/*.md',
  'storybook/docs/**/*.{md,mdx}',
  'test/**/*.md',
]

/** Files that quote the phrases on purpose, or that a program writes. */
export const EXCLUDED: readonly string[] = [
  '**/node_modules/**',
  'test/prose/**',
  'test/unit/prose-check.test.ts',
  'test/bench/RESULTS.md',
]
