/** The part of a Markdown tree that has links in it. */
interface MarkdownNode {
  readonly type: string
  url?: string
  readonly children?: readonly MarkdownNode[]
}

// Nobody tells a plugin which page it is in. So a page writes the folder also of a neighbour: ../tasks/chat.mdx
const PAGE = /^(?:\.\.?\/)+(.+)\.mdx(#.*)?$/

/**
 * A remark plugin: pages link to each other by their files, which is right wherever the repository is read, and
 * Storybook knows them by other addresses.
 */
export function pageLinks(): (tree: MarkdownNode) => void {
  return visit
}

function visit(node: MarkdownNode): void {
  if (node.type === 'link' && node.url !== undefined) node.url = node.url.replace(PAGE, storybookAddress)
  node.children?.forEach(visit)
}

function storybookAddress(_: string, page: string, anchor = ''): string {
  return `./?path=/docs/docs-${page.replaceAll('/', '-')}--docs${anchor}`
}
