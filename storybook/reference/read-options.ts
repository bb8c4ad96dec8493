import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '../..')

/** An option, as the TSDoc of its interface describes it. */
export interface DocumentedOption {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  /** The default as Markdown. `undefined` if the TSDoc names none. */
  readonly default: string | undefined
  /** The description as Markdown. */
  readonly text: string
}

/** The options that one interface declares. */
export interface OptionGroup {
  /** The name of the interface. */
  readonly name: string
  readonly text: string
  readonly options: readonly DocumentedOption[]
}

/** An exported function, or an exported interface of options. */
export interface Documented {
  readonly name: string
  /** The entry point that exports it, such as `rxwire/react`. */
  readonly from: string
  readonly kind: 'function' | 'interface'
  /** The first paragraph of its TSDoc. */
  readonly text: string
  /** Empty if it takes no options. */
  readonly groups: readonly OptionGroup[]
}

/** Reads every exported function and every exported interface of options from the sources. */
export function readOptions(): readonly Documented[] {
  const { options } = ts.parseJsonConfigFileContent(readJson('tsconfig.json'), ts.sys, root)
  const { entryPoints } = readJson('storybook/reference/typedoc.json') as { entryPoints: string[] }
  const files = entryPoints.map((path) => resolve(import.meta.dirname, path))
  const program = ts.createProgram(files, { ...options, noEmit: true })
  const checker = program.getTypeChecker()
  return files.flatMap((file) => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${file} is not a module`)
    const from = nameOfEntry(file)
    return checker.getExportsOfModule(module).flatMap((exported) => documented(checker, from, exported) ?? [])
  })
}

function readJson(path: string): unknown {
  return ts.parseConfigFileTextToJson(path, readFileSync(resolve(root, path), 'utf8')).config
}

function nameOfEntry(file: string): string {
  const folder = file.slice(root.length + 1).replace(/\/index\.ts$/, '')
  return folder === 'src' ? 'rxwire' : folder.replace('adapters', 'rxwire')
}

function documented(checker: ts.TypeChecker, from: string, exported: ts.Symbol): Documented | undefined {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const common = { name: exported.name, from, text: firstParagraph(describe(checker, symbol)) }
  if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) {
    if (!/(?:Options|Policy)$/.test(exported.name)) return undefined
    return { ...common, kind: 'interface', groups: groupsOf(checker, [checker.getDeclaredTypeOfSymbol(symbol)]) }
  }
  if (!(symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Variable))) return undefined
  const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures()
  if (signatures.length === 0) return undefined
  const parameters = signatures.flatMap((signature) => signature.parameters.filter(isOptions))
  const types = parameters.map((parameter) => checker.getNonNullableType(checker.getTypeOfSymbol(parameter)))
  // The overload without options has a comment of its own, shorter than that of the others.
  const comments = signatures.map((signature) => toMarkdown(signature.getDocumentationComment(checker)))
  const text = firstParagraph(comments.reduce((longest, next) => (next.length > longest.length ? next : longest)))
  return { ...common, text: text || common.text, kind: 'function', groups: groupsOf(checker, types) }
}

const NAMES: ReadonlySet<string> = new Set(['options', 'policy', 'definition', 'retention', 'implementations'])

/** Whether a parameter has options: it has one of their names, or is destructured and of a type that is named so. */
function isOptions({ name, valueDeclaration }: ts.Symbol): boolean {
  if (valueDeclaration === undefined || !ts.isParameter(valueDeclaration)) return false
  if (!ts.isObjectBindingPattern(valueDeclaration.name)) return NAMES.has(name)
  return /(?:Options|Props|Implementations)\b/.test(valueDeclaration.type?.getText() ?? '')
}

/** The properties of the types by the interface that declares them. The overloads of a function share a table. */
function groupsOf(checker: ts.TypeChecker, types: readonly ts.Type[]): readonly OptionGroup[] {
  const properties = new Map<string, ts.Symbol>()
  for (const type of types.flatMap((each) => (each.isUnion() ? each.types : [each]))) {
    for (const property of checker.getPropertiesOfType(type)) {
      const known = properties.get(property.name)
      if (known === undefined || describe(checker, known) === '') properties.set(property.name, property)
    }
  }
  const groups = new Map<ts.Symbol, DocumentedOption[]>()
  for (const property of properties.values()) {
    const [declaration] = property.declarations ?? []
    if (declaration === undefined || !isOfProject(declaration)) continue
    const owner = ownerOf(checker, declaration)
    if (owner === undefined) continue
    const option = optionOf(checker, property, declaration)
    const group = groups.get(owner)
    if (group === undefined) groups.set(owner, [option])
    else group.push(option)
  }
  return [...groups].map(([owner, options]) => ({
    name: owner.name,
    text: firstParagraph(describe(checker, owner)),
    options,
  }))
}

function isOfProject(declaration: ts.Declaration): boolean {
  const { fileName } = declaration.getSourceFile()
  return fileName.startsWith(`${root}/`) && !fileName.includes('/node_modules/')
}

function ownerOf(checker: ts.TypeChecker, declaration: ts.Declaration): ts.Symbol | undefined {
  const owner = ts.findAncestor(
    declaration.parent,
    (node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
      ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node),
  )
  return owner && checker.getSymbolAtLocation(owner.name)
}

function optionOf(checker: ts.TypeChecker, property: ts.Symbol, declaration: ts.Declaration): DocumentedOption {
  const written = ts.isPropertySignature(declaration) ? declaration.type?.getText() : undefined
  const type = written ?? checker.typeToString(checker.getTypeOfSymbol(property))
  return {
    name: property.name,
    type: type.replace(/\s+/g, ' ').replace(/ \| undefined$/, ''),
    isRequired: (property.flags & ts.SymbolFlags.Optional) === 0,
    ...splitDefault(describe(checker, property)),
  }
}

/** Takes the default out of a description: `Default 20.`, `Default: none.` or a value with `(the default)`. */
function splitDefault(text: string): Pick<DocumentedOption, 'default' | 'text'> {
  const marked = /(`[^`]+`),? \(?the default\b/.exec(text)
  if (marked?.[1] !== undefined) return { default: marked[1], text }
  const sentence = /(?:^|\s)Default:?\s((?:`[^`]*`|\([^)]*\)|[^`.:;(]|\.(?=\d))+)([.:;]|$)/.exec(text)
  const [all, value, end] = sentence ?? []
  if (sentence === null || all === undefined || value === undefined) return { default: undefined, text }
  // What follows the value in its sentence belongs to the description.
  const isWhole = end === '.' || end === ''
  const rest = `${text.slice(0, sentence.index)} ${text.slice(sentence.index + all.length).trimStart()}`.trim()
  return { default: value.trim().replace(/\s+/g, ' '), text: isWhole && rest !== '' ? rest : text }
}

function describe(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  return toMarkdown(symbol.getDocumentationComment(checker))
}

function toMarkdown(comment: ts.SymbolDisplayPart[]): string {
  return ts
    .displayPartsToString(comment)
    .replace(/\{@link (?:\S+ \| )?([^}]+)\}/g, (_, name: string) => `\`${name.trim()}\``)
    .trim()
}

function firstParagraph(text: string): string {
  return text.split(/\n\s*\n/, 1)[0] ?? ''
}
