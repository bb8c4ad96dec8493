import { AVOID } from './avoid.ts'
import { textsOfCode } from './code-text.ts'

export interface Finding {
  /** From 1. */
  readonly line: number
  readonly message: string
}

const RULES = AVOID.map(({ phrases, instead }) => ({
  instead,
  pattern: new RegExp(`\\b(?:${phrases.join('|').replaceAll(' ', '\\s+')})\\b`, 'gi'),
}))

/** Stands for one character of code. No phrase matches across it. */
const CODE = '\0'

// A comment of TypeScript, JSX, Markdown or MDX, or a line of a longer comment.
const ALLOW = /(?:\{?\/\*+|\/\/|<!--|\*)[ \t]*prose-allow\b(?::(?<reason>.*?)|.*?)(?:\*\/\}?|-->|$)/gm

/**
 * Finds phrases to avoid in the prose of a file: in Markdown its text, in other files comments, JSX texts, and strings
 * of more than one word.
 *
 * A comment `prose-allow: <reason>` permits them on its own line or, if it has a line to itself, on the next one.
 */
export function findProse(path: string, text: string): readonly Finding[] {
  const isMarkdown = /\.mdx?$/.test(path)
  const comments = isMarkdown ? keepMarkdownText(text) : keepTexts(text, 'comments')
  const prose = isMarkdown ? comments : keepTexts(text, 'all')
  const lineAt = (index: number) => text.slice(0, index).split('\n').length
  const lines = text.split('\n')

  // In a string, or in a fence, it is an example.
  const allows = [...text.matchAll(ALLOW)]
    .filter(({ 0: comment, index }) => comments.startsWith('prose-allow', index + comment.indexOf('prose-allow')))
    .map(({ 0: comment, index, groups }) => {
      const line = lineAt(index)
      const isAlone = lines[line - 1]?.trim() === comment.trim()
      return { index, comment, line, allowed: isAlone ? line + 1 : line, reason: groups?.['reason']?.trim() ?? '' }
    })

  // A reason may quote what it allows.
  const checked = allows.reduce((rest, { index, comment }) => blank(rest, index, index + comment.length), prose)
  const found = RULES.flatMap(({ pattern, instead }) =>
    [...checked.matchAll(pattern)].map(({ 0: phrase, index }) => ({
      line: lineAt(index),
      message: `"${phrase.replace(/\s+/g, ' ')}" → ${instead}`,
    })),
  )
  const isAllowed = ({ line }: Finding) => allows.some(({ allowed }) => allowed === line)
  const misused = allows.flatMap(({ line, allowed, reason }) => {
    if (reason === '') return [{ line, message: 'prose-allow has no reason → write one after the colon' }]
    const isUsed = found.some((finding) => finding.line === allowed)
    return isUsed ? [] : [{ line, message: 'prose-allow allows nothing → remove it' }]
  })
  return [...found.filter((finding) => !isAllowed(finding)), ...misused].sort((a, b) => a.line - b.line)
}

/** Blanks all but comments, or all but comments and texts of more than one word. */
function keepTexts(code: string, kept: 'all' | 'comments'): string {
  let result = ''
  for (const { start, end, isComment } of textsOfCode(code)) {
    const between = code.slice(result.length, start)
    // Strings that are joined with `+` are one text.
    result += /^['"`]\s*\+\s*['"`]$/.test(between) ? between.replace(/\S/g, ' ') : blank(between)
    const text = code.slice(start, end)
    if (isComment) result += keepCommentText(text)
    else result += kept === 'all' && /\s/.test(text) ? text : blank(text)
  }
  return result + blank(code.slice(result.length))
}

/** Drops what marks a comment, so that a phrase is found across its lines, and the code that it quotes. */
function keepCommentText(comment: string): string {
  const marks = /^\/\/|^\/\*+|\*\/$|^[ \t]*\*(?!\/)/gm
  return blankCode(comment.replace(marks, (mark) => ' '.repeat(mark.length)))
}

function keepMarkdownText(text: string): string {
  return blankCode(text).replace(/\]\([^)\s]*/g, (link) => blank(link))
}

/** Blanks fenced blocks and code spans. */
function blankCode(text: string): string {
  const fence = /^[ \t]*(```+|~~~+)[\s\S]*?(?:^[ \t]*\1|(?![\s\S]))/gm
  return text.replace(fence, (code) => blank(code)).replace(/`[^`\n]+`/g, (code) => blank(code))
}

/** Replaces code, from one index to another, and leaves its lines where they are. */
function blank(text: string, from = 0, to = text.length): string {
  return text.slice(0, from) + text.slice(from, to).replace(/\S/g, CODE) + text.slice(to)
}
