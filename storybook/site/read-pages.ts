import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A part of a page: what follows a heading of level 1, 2 or 3. */
interface PageSection {
  readonly heading: string
  /** The id of the heading. Empty for the start of the page. */
  readonly anchor: string
  /** Its text without markup. */
  readonly text: string
  /** The functions and interfaces whose options it shows. */
  readonly shows: readonly ShownOptions[]
}

/** `<Options of="useWire" from="rxwire/vue" />` */
interface ShownOptions {
  readonly of: string
  readonly from: string
  readonly except: string | undefined
}

/** A page of the documentation. */
export interface DocsPageSource {
  /** The id that Storybook gives it. */
  readonly id: string
  /** The path of its file in the repository. */
  readonly file: string
  readonly title: string
  readonly sections: readonly PageSection[]
}

const FOLDER = 'storybook/docs'

/** Reads every page of the documentation below the root of the repository. */
export function readPages(root: string): readonly DocsPageSource[] {
  const paths = globSync('**/*.mdx', { cwd: join(root, FOLDER) }).sort()
  return paths.map((path) => pageOf(`${FOLDER}/${path}`, readFileSync(join(root, FOLDER, path), 'utf8')))
}

/** Parses one page. */
function pageOf(file: string, source: string): DocsPageSource {
  const path = file.slice(FOLDER.length + 1).replace(/\.mdx$/, '')
  const sections = sectionsOf(source)
  const id = `docs-${path.replaceAll('/', '-').toLowerCase()}--docs`
  return { id, file, title: sections[0]?.heading ?? path, sections }
}

function sectionsOf(source: string): readonly PageSection[] {
  const sections: { heading: string; anchor: string; lines: string[] }[] = []
  const anchors = new Map<string, number>()
  let isCode = false
  for (const line of source.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    const [, marks, heading] = (!isCode && /^(#{1,3}) (.+)$/.exec(line)) || []
    if (marks !== undefined && heading !== undefined) {
      const anchor = anchorOf(plainText(heading), anchors)
      sections.push({ heading: plainText(heading), anchor: marks === '#' ? '' : anchor, lines: [] })
    } else if (isCode || !line.startsWith('import ')) {
      sections.at(-1)?.lines.push(line)
    }
  }
  return sections.map(({ heading, anchor, lines }) => ({
    heading,
    anchor,
    text: plainText(lines.join('\n')),
    shows: [...lines.join('\n').matchAll(/<Options\s([^>]*)\/>/g)].map(([, attributes = '']) => ({
      of: attributeOf(attributes, 'of') ?? '',
      from: attributeOf(attributes, 'from') ?? 'rxwire',
      except: attributeOf(attributes, 'except'),
    })),
  }))
}

function attributeOf(attributes: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1]
}

/** The anchor of a heading, as rehype-slug builds it. */
function anchorOf(heading: string, taken: Map<string, number>): string {
  const slug = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
  const count = taken.get(slug) ?? 0
  taken.set(slug, count + 1)
  return count === 0 ? slug : `${slug}-${count}`
}

function plainText(markdown: string): string {
  return markdown
    .replace(/^```.*$/gm, '')
    .replace(/^\|[\s:|-]+\|$/gm, '')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<\/?[A-Z][^>]*>/g, '')
    .replace(/(\*\*|`|^[>#]+ )/gm, '')
    .replace(/\s*\|\s*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
