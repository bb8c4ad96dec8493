import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'

/** Panels of which one is shown. Arrow keys, Home and End move between the tabs. */
export function Tabs<T extends string>({
  label,
  tabs,
  shown,
  onShow,
  aside,
  children,
}: {
  label: string
  tabs: readonly T[]
  shown: T
  onShow: (tab: T) => void
  /** What stands at the end of the row of tabs. */
  aside?: ReactNode
  children: ReactNode
}) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const at = tabs.indexOf(shown)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    const tab = next !== undefined && tabs.at(next % tabs.length)
    if (!tab) return
    event.preventDefault()
    onShow(tab)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[tabs.indexOf(tab)]?.focus()
  }
  return (
    <>
      <div className="tab-row">
        <div className="tabs" role="tablist" aria-label={label} ref={list}>
          {tabs.map((tab) => (
            <button
              key={tab}
              id={`${id}-${tab}`}
              type="button"
              role="tab"
              aria-selected={tab === shown}
              aria-controls={`${id}-panel`}
              tabIndex={tab === shown ? 0 : -1}
              onClick={() => onShow(tab)}
              onKeyDown={move}
            >
              {tab}
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${shown}`}>
        {children}
      </div>
    </>
  )
}
