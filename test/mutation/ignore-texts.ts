// Calls whose texts are read by people. Tests must detect that an error is thrown, but not how it is worded.
const TELLS = /^(?:\w*Error|hint|require[A-Z]\w*)$/

/** The part of a Babel syntax node that this plugin reads. */
interface SyntaxNode {
  readonly type: string
  readonly callee?: { readonly name?: string }
}

const TEXTS: ReadonlySet<string> = new Set(['StringLiteral', 'TemplateLiteral', 'BinaryExpression'])

/** Excludes the texts of errors and hints. Tests check only the facts in them, such as a limit or a name. */
const texts = {
  shouldIgnore: ({ node, parent }: { readonly node: SyntaxNode; readonly parent: SyntaxNode | null }) =>
    TEXTS.has(node.type) && TELLS.test(parent?.callee?.name ?? '') ? 'a text for people' : undefined,
}

/** The export that Stryker reads from a plugin. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'texts', value: texts }]
