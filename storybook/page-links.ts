/** The part of a Markdown tree that has links in it. */
interface MarkdownNode {
  readonly type: string
  url?: string
  readonly children?: readonly MarkdownNode[]
}

// A plugin does not know the page of a link. So links contain the folder: ../tasks/chat.mdx
const PAGE = /^(?:\.\.?\/)+(.+)\.mdx(#.*)?$/

/**
 * A remark plugin: turns links between the files of pages, which work in the repository, into addresses of Storybook.
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
