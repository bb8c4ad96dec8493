import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// A registry shows the README without the repository around it. While the package is packed, relative links and pictures in
// the README are addresses in the repository that `repository` of package.json names. OWNER stands for a name that is not
// known yet: then nothing changes.

const LINK = /(?<=\]\(|srcset="|src=")(?!https?:|#)[^)"\s]+/g
const PICTURE = /\.(?:png|webp)$/

/** What a link gets in front of it, in the repository of this url. `undefined` without a repository. */
function prefixes(
  repository: string,
  version: string,
): { readonly page: string; readonly picture: string } | undefined {
  const [, name] = /github\.com\/((?!OWNER\/)[^/]+\/[^/.]+)/.exec(repository) ?? []
  if (name === undefined) return undefined
  return {
    page: `https://github.com/${name}/blob/v${version}/`,
    picture: `https://raw.githubusercontent.com/${name}/v${version}/`,
  }
}

/** Returns Markdown whose links and pictures are absolute. */
export function withAbsoluteLinks(markdown: string, repository: string, version: string): string {
  const prefix = prefixes(repository, version)
  if (prefix === undefined) return markdown
  return markdown.replace(LINK, (link) => (PICTURE.test(link) ? prefix.picture : prefix.page) + link)
}

/** Undoes `withAbsoluteLinks`. */
export function withRelativeLinks(markdown: string, repository: string, version: string): string {
  const prefix = prefixes(repository, version)
  if (prefix === undefined) return markdown
  return markdown.replaceAll(prefix.page, '').replaceAll(prefix.picture, '')
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  const readme = join(root, 'README.md')
  const { repository, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly repository: { readonly url: string }
    readonly version: string
  }
  const change = process.argv.includes('--remove') ? withRelativeLinks : withAbsoluteLinks
  writeFileSync(readme, change(readFileSync(readme, 'utf8'), repository.url, version))
}
