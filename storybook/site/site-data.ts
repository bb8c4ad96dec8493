import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked } from 'marked'
import type { Plugin } from 'vite'
import { type Documented, readOptions } from '../reference/read-options.ts'
import type { SearchRecord } from './find-sections.ts'
import { readPages } from './read-pages.ts'
import type { OptionTable, Site } from './site.ts'

const PREFIX = 'virtual:rxwire/'
const SITE = `${PREFIX}site`

/**
 * Serves what the pages need to know about the sources and about each other: the options of every function, the list of
 * pages, and their text for the search.
 */
export function siteData(root: string): Plugin {
  const builders: Readonly<Record<string, () => unknown>> = {
    [`${PREFIX}tables`]: () => optionTables(root),
    [SITE]: () => siteOf(root),
    [`${PREFIX}records`]: () => searchRecords(root),
  }
  return {
    name: 'rxwire:site-data',
    resolveId: (id) => (id in builders ? `\0${id}` : undefined),
    load(id) {
      const name = id.slice(1)
      const build = id.startsWith('\0') ? builders[name] : undefined
      if (build === undefined) return undefined
      const watched = name === SITE ? 'storybook/docs/**/*.mdx' : '{src,adapters,storybook/docs}/**/*.{ts,tsx,mdx}'
      for (const file of globSync(watched, { cwd: root })) this.addWatchFile(join(root, file))
      return `export const ${name.slice(PREFIX.length)} = ${JSON.stringify(build())}`
    },
  }
}

/** The tables of every function and interface that has options, by `rxwire/react useWire`. */
export function optionTables(root: string): Readonly<Record<string, OptionTable>> {
  const all = readOptions()
  const pages = readPages(root)
  const links = referenceLinks(root)
  const tables = all.map((documented) => [`${documented.from} ${documented.name}`, tableOf(documented)] as const)
  return Object.fromEntries(tables)

  function tableOf({ name, from, kind, text, groups }: Documented): OptionTable {
    return {
      name,
      from,
      kind,
      text: inline(text),
      href: links.get(`${from} ${name}`),
      page: pages
        .flatMap(({ id, sections }) => sections.map((section) => ({ id, section })))
        .filter(({ section }) => section.shows.some((shown) => shown.of === name && shown.from === from))
        .map(({ id, section }) => `./?path=/docs/${id}#${section.anchor}`)[0],
      groups: groups.map((group) => ({
        name: group.name,
        href: links.get(`${from} ${group.name}`) ?? links.get(`rxwire ${group.name}`),
        text: inline(group.text),
        options: group.options.map((option) => ({
          ...option,
          default: option.default && inline(option.default),
          text: block(option.text),
        })),
      })),
    }
  }
}

const markdown = new Marked({ gfm: true })

function inline(text: string): string {
  return markdown.parseInline(text, { async: false })
}

function block(text: string): string {
  return markdown.parse(text, { async: false })
}

/** The pages of the API reference, if `npm run reference` has built them. */
function referenceLinks(root: string): ReadonlyMap<string, string> {
  if (!existsSync(join(root, 'reference'))) return new Map()
  const files = globSync('{functions,interfaces,types,variables}/*.html', { cwd: join(root, 'reference') })
  return new Map(
    files.map((file) => {
      const [, module = '', name = ''] = /\/(.+)\.(\w+)\.html$/.exec(file) ?? []
      return [`${module.replaceAll('_', '/')} ${name}`, `./reference/${file}`]
    }),
  )
}

function siteOf(root: string): Site {
  const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const url = String(repository?.url ?? '').replace(/^git\+|\.git$/g, '')
  return {
    // `OWNER` stands for a repository that has no name yet.
    repository: url === '' || url.includes('/OWNER/') ? undefined : url,
    pages: readPages(root).map(({ id, file, title }) => ({ id, file, title })),
  }
}

/** One record for each section of each page, with the options that it shows. */
export function searchRecords(root: string): readonly SearchRecord[] {
  const all = new Map(readOptions().map((documented) => [`${documented.from} ${documented.name}`, documented]))
  return readPages(root).flatMap(({ id, title, sections }) =>
    sections.map(({ heading, anchor, text, shows }) => ({
      id: `${id}#${anchor}`,
      page: title,
      heading,
      text: [text, ...shows.map(({ of, from }) => optionText(all.get(`${from} ${of}`)))].join(' ').trim(),
    })),
  )
}

function optionText(documented: Documented | undefined): string {
  const options = documented?.groups.flatMap((group) => group.options) ?? []
  return [documented?.text, ...options.map(({ name, text }) => `${name}: ${text}`)]
    .join(' ')
    .replaceAll('`', '')
    .replace(/\s+/g, ' ')
}
