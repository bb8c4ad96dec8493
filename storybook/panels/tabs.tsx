/** Which of a few panels is shown. */
export function Tabs<T extends string>({
  label,
  tabs,
  shown,
  onShow,
}: {
  label: string
  tabs: readonly T[]
  shown: T
  onShow: (tab: T) => void
}) {
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {tabs.map((tab) => (
        <button key={tab} type="button" role="tab" aria-selected={tab === shown} onClick={() => onShow(tab)}>
          {tab}
        </button>
      ))}
    </div>
  )
}
