import { type ComponentProps, useEffect, useRef, useState } from 'react'

/** A table that scrolls sideways where it does not fit. Then the keyboard can scroll it, and its edges have a shadow. */
export function ScrollingTable({ label = 'Table', children, ...table }: ComponentProps<'table'> & { label?: string }) {
  const frame = useRef<HTMLDivElement>(null)
  const [isWide, setWide] = useState(false)
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    const observer = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth + 1))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return (
    <div
      ref={frame}
      className="scrolling-table"
      {...(isWide && { role: 'region', tabIndex: 0, 'aria-label': `${label}, scrolls sideways` })}
    >
      <table {...table}>{children}</table>
    </div>
  )
}

/** A heading of a column. A column without a heading has an empty cell, which is no heading. */
export function ColumnHeading({ children, ...heading }: ComponentProps<'th'>) {
  if (children === undefined) return <td />
  return (
    <th scope="col" {...heading}>
      {children}
    </th>
  )
}
