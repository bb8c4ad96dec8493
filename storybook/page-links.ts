/** The part of a Markdown tree that has links in it. */
interface MarkdownNode {
  readonly type: string
  url?: string
  readonly children?: readonly MarkdownNode[]
}

/** A file that is being compiled. */
interface MarkdownFile {
  readonly path: string
}

/** Where the pages are, seen from the repository. */
const FOLDER = '/storybook/docs/'

/**
 * A remark plugin: pages link to each other by their files, which is right wherever the repository is read, and
 * Storybook knows them by other addresses.
 */
export function pageLinks() {
  return (tree: MarkdownNode, file: MarkdownFile): void => visit(tree, file.path)
}

function visit(node: MarkdownNode, from: string): void {
  if (node.type === 'link' && node.url !== undefined) node.url = storybookAddress(node.url, from)
  for (const child of node.children ?? []) visit(child, from)
}

function storybookAddress(link: string, from: string): string {
  if (!/^\.{1,2}\//.test(link)) return link
  const { pathname, hash } = new URL(link, `file://${from}`)
  const [, page] = pathname.split(FOLDER)
  if (page === undefined || !page.endsWith('.mdx')) return link
  const id = page.slice(0, -'.mdx'.length).replaceAll('/', '-')
  return `./?path=/docs/docs-${id}--docs${hash}`
}
