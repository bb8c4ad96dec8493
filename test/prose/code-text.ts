/** A comment, or the contents of a string, a template or a JSX text. */
export interface CodeText {
  readonly start: number
  readonly end: number
  readonly isComment: boolean
}

// A slash after one of these words starts a regular expression; after any other word it divides.
const BEFORE_VALUE = /^(?:await|case|delete|do|else|in|instanceof|new|of|return|throw|typeof|void|yield)$/

const TOKENS = [
  /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
  /(?<string>'(?:\\[\s\S]|[^'\\\n])*'?|"(?:\\[\s\S]|[^"\\\n])*"?)/,
  // Follows a tag. The `<` of a tag has no name before it, that of a type argument has one.
  /(?<jsx>(?<=(?<![\w$.])<\/?[\w.]*(?:\s[^<>]*)?>)\s*\p{L}[^<>{}=;]*(?=[<{]))/u,
  /(?<word>[\w$]+)/,
  /(?<regex>\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*)/,
  /(?<punctuation>[\s\S])/,
]

const TOKEN = new RegExp(TOKENS.map(({ source }) => source).join('|'), 'uy')

/** A piece of a template: from its backtick or the end of a `${…}` to the next `${` or the closing backtick. */
const TEMPLATE_PIECE = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/y

/** The texts of TypeScript or JavaScript, found by a tokenizer that is good enough to tell them from code. */
export function textsOfCode(code: string): readonly CodeText[] {
  const texts: CodeText[] = []
  // One entry for each template that is open: how many braces are open within its `${…}`.
  const openBraces: number[] = []
  // A slash divides if the token before it ends a value.
  let endsValue = false

  for (let at = 0; at < code.length; ) {
    const continuesTemplate = code[at] === '}' && openBraces.at(-1) === 0
    if (code[at] === '`' || continuesTemplate) {
      const piece = matchAt(TEMPLATE_PIECE, code, at)[0]
      const isLast = !piece.endsWith('${')
      texts.push({ start: at + 1, end: at + piece.length - (isLast ? 1 : 2), isComment: false })
      if (continuesTemplate) openBraces.pop()
      if (!isLast) openBraces.push(0)
      endsValue = isLast
      at += piece.length
      continue
    }

    const { 0: token, groups = {} } = matchAt(TOKEN, code, at)
    const { comment, string, jsx, word, regex, punctuation } = groups
    if (regex !== undefined && endsValue) {
      // A division: only its slash is consumed.
      endsValue = false
      at += 1
      continue
    }
    if (comment !== undefined || jsx !== undefined) {
      texts.push({ start: at, end: at + token.length, isComment: comment !== undefined })
    } else if (string !== undefined) {
      texts.push({ start: at + 1, end: at + token.length - 1, isComment: false })
    }
    const depth = openBraces.length - 1
    if (punctuation === '{' && depth >= 0) openBraces[depth] = (openBraces[depth] ?? 0) + 1
    if (punctuation === '}' && depth >= 0) openBraces[depth] = (openBraces[depth] ?? 0) - 1
    if (word !== undefined) endsValue = !BEFORE_VALUE.test(word)
    else if (string !== undefined || regex !== undefined) endsValue = true
    // The `<` of a closing tag is followed by a slash that starts no regular expression.
    else if (punctuation !== undefined && /\S/.test(punctuation)) endsValue = /[)\]}<]/.test(punctuation)
    at += token.length
  }
  return texts
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray {
  pattern.lastIndex = at
  const match = pattern.exec(text)
  if (match === null) throw new Error(`${pattern} does not match at ${at}`)
  return match
}
