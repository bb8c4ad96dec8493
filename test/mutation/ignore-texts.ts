// Who is told something by these is a person. That something is thrown must be noticed; its words may change.
const TELLS = /^(?:\w*Error|hint|require[A-Z]\w*)$/

/** What is asked of Babel's syntax tree. */
interface SyntaxNode {
  readonly type: string
  readonly callee?: { readonly name?: string }
}

const TEXTS: ReadonlySet<string> = new Set(['StringLiteral', 'TemplateLiteral', 'BinaryExpression'])

/** Leaves the texts of errors and hints alone. Where one carries a fact, as a limit or a name, tests ask for that. */
const texts = {
  shouldIgnore: ({ node, parent }: { readonly node: SyntaxNode; readonly parent: SyntaxNode | null }) =>
    TEXTS.has(node.type) && TELLS.test(parent?.callee?.name ?? '') ? 'a text for people' : undefined,
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'texts', value: texts }]
