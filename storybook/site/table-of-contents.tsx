import { type MouseEvent, useEffect, useState } from 'react'

interface Heading {
  readonly id: string
  readonly text: string
  readonly level: string
}

// The width of the page, next to the sidebar: that of a window of 1200 pixels.
const wide = matchMedia('(min-width: 900px)')

/** The headings of the page that is shown: at its side, or folded above its text where there is no room. */
export function TableOfContents() {
  const [headings, setHeadings] = useState<readonly Heading[]>([])
  const [isOpen, setOpen] = useState(wide.matches)
  useEffect(() => {
    const text = document.getElementById('docs-text')
    if (text === null) return
    const read = () =>
      setHeadings(
        [...text.querySelectorAll('h2[id], h3[id]')].map(({ id, textContent, localName }) => ({
          id,
          text: textContent,
          level: localName,
        })),
      )
    read()
    // Pages are loaded after the frame around them.
    const observer = new MutationObserver(read)
    observer.observe(text, { childList: true })
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const update = () => setOpen(wide.matches)
    wide.addEventListener('change', update)
    return () => wide.removeEventListener('change', update)
  }, [])
  if (headings.length < 2) return null
  return (
    <nav className="docs-contents" aria-label="On this page">
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>On this page</summary>
        <ul>
          {headings.map(({ id, text, level }) => (
            <li key={id} data-level={level}>
              <a href={`#${id}`} onClick={(event) => scrollTo(event, id)}>
                {text}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

/** The address of the page is that of its frame, in which `#id` alone would load another page. */
function scrollTo(event: MouseEvent, id: string): void {
  event.preventDefault()
  const heading = document.getElementById(id)
  heading?.scrollIntoView({ block: 'start' })
  heading?.querySelector('a')?.focus({ preventScroll: true })
  if (parent !== window) parent.history.replaceState(parent.history.state, '', `#${id}`)
}
