import { useState } from 'react'

/** Source code with its number of lines and a button to copy it. */
export function Listing({ name, code }: { name: string; code: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = () => navigator.clipboard.writeText(code).then(() => setCopied(true), reportError)
  return (
    <section className="listing" aria-label={`${name}, code`}>
      <header className="listing-head">
        <p>
          {name}, {linesOf(code)} lines
        </p>
        <button type="button" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy'}
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an element that scrolls has to be reachable by keyboard. */}
      <pre tabIndex={0}>{code}</pre>
    </section>
  )
}

/** Counts the lines that are not empty. */
export function linesOf(code: string): number {
  return code.split('\n').filter((line) => line.trim() !== '').length
}
