import MiniSearch, { type SearchResult } from 'minisearch'

/** A section of a page, as the search knows it. */
export interface SearchRecord {
  /** The id of the page and the anchor of the heading. */
  readonly id: string
  readonly page: string
  readonly heading: string
  readonly text: string
}

/** A section that has the words of a query. */
export interface FoundSection extends SearchRecord {
  /** A part of its text around the first word that was found. */
  readonly line: string
}

/** Pages that most readers do not search for. */
const weights: readonly (readonly [string, number])[] = [
  ['docs-decisions-', 0.3],
  ['docs-migration-', 0.5],
  ['docs-demos-and-tests-', 0.5],
  ['docs-api-other-frameworks-', 0.6],
]

/** Returns a function that finds the sections for a query, best first. */
export function sectionFinder(records: readonly SearchRecord[]): (query: string) => readonly FoundSection[] {
  const index = new MiniSearch<SearchRecord>({
    fields: ['page', 'heading', 'text'],
    storeFields: ['page', 'heading', 'text'],
    searchOptions: {
      boost: { page: 4, heading: 6 },
      prefix: true,
      fuzzy: (term) => term.length > 4 && 0.15,
      boostDocument: (id: string) => weights.find(([folder]) => id.startsWith(folder))?.[1] ?? 1,
    },
  })
  index.addAll(records)
  return (query) => {
    const all = index.search(query, { combineWith: 'AND' })
    return (all.length > 0 ? all : index.search(query)).slice(0, 12).map(found)
  }
}

function found(result: SearchResult): FoundSection {
  const { id, page, heading, text } = result as SearchResult & SearchRecord
  return { id, page, heading, text, line: lineAround(text, result.terms) }
}

const BEFORE = 40
const LENGTH = 160

function lineAround(text: string, terms: readonly string[]): string {
  const lower = text.toLowerCase()
  const places = terms.map((term) => lower.indexOf(term)).filter((at) => at >= 0)
  const at = Math.max(0, Math.min(...places, text.length) - BEFORE)
  const start = places.length === 0 || at === 0 ? 0 : text.indexOf(' ', at) + 1
  const line = text.slice(start, start + LENGTH)
  return `${start > 0 ? '… ' : ''}${line}${start + LENGTH < text.length ? ' …' : ''}`
}
