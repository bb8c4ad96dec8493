import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { FoundSection } from './find-sections.ts'

type Find = (query: string) => readonly FoundSection[]

let finder: Promise<Find> | undefined

/** Loads the text of all pages, once. */
function loadFinder(): Promise<Find> {
  finder ??= Promise.all([import('virtual:rxwire/records'), import('./find-sections.ts')]).then(
    ([{ records }, { sectionFinder }]) => sectionFinder(records),
  )
  return finder
}

/** Searches the text of all pages. The key `/` focuses it. */
export function Search() {
  const [query, setQuery] = useState('')
  const [results, setResults] = useState<readonly FoundSection[]>([])
  const box = useRef<HTMLElement>(null)
  const field = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const focus = (event: globalThis.KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select') !== null
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey) return
      event.preventDefault()
      event.stopPropagation()
      field.current?.focus()
    }
    document.addEventListener('keydown', focus, true)
    return () => document.removeEventListener('keydown', focus, true)
  }, [])
  useEffect(() => {
    let isCurrent = true
    if (query.trim() === '') setResults([])
    else void loadFinder().then((find) => isCurrent && setResults(find(query)))
    return () => {
      isCurrent = false
    }
  }, [query])

  const move = (event: KeyboardEvent) => {
    // The shortcuts of Storybook are keys of the field here.
    event.stopPropagation()
    if (event.key === 'Escape') {
      setQuery('')
      field.current?.focus()
      return
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    const stops = [...(box.current?.querySelectorAll<HTMLElement>('input, a') ?? [])]
    const at = stops.indexOf(document.activeElement as HTMLElement)
    stops[Math.max(0, Math.min(stops.length - 1, at + step))]?.focus()
    event.preventDefault()
  }

  return (
    <search ref={box} className="docs-search" onKeyDown={move}>
      <label htmlFor="docs-search">Search the documentation</label>
      <input
        id="docs-search"
        ref={field}
        type="search"
        autoComplete="off"
        placeholder="Search: press /"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onFocus={() => void loadFinder()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') box.current?.querySelector<HTMLElement>('ol a')?.click()
        }}
      />
      {query.trim() !== '' && (
        <div className="docs-results">
          <p role="status">{results.length === 0 ? 'No page has these words.' : `${results.length} sections found`}</p>
          <ol>
            {results.map(({ id, page, heading, line }) => (
              <li key={id}>
                <a href={addressOf(id)} target="_top">
                  <strong>{heading === page ? page : `${page}: ${heading}`}</strong>
                  <span>{line}</span>
                </a>
              </li>
            ))}
          </ol>
        </div>
      )}
    </search>
  )
}

function addressOf(id: string): string {
  const [page = '', anchor = ''] = id.split('#')
  return `./?path=/docs/${page}${anchor === '' ? '' : `#${anchor}`}`
}
