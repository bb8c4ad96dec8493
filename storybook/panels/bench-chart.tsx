import results from '../../test/bench/RESULTS.md?raw'

interface Bar {
  readonly who: string
  readonly shown: string
  readonly value: number
}

/** Bars of one measurement, read from RESULTS.md. The file is written by `npm run bench`. */
export function BenchChart({ chapter, what, title }: { chapter: string; what: string; title: string }) {
  const bars = barsOf(chapter, what)
  const most = Math.max(...bars.map(({ value }) => value).filter(Number.isFinite))
  return (
    <figure className="bench-chart">
      <figcaption>{title}</figcaption>
      <dl>
        {bars.map(({ who, shown, value }) => (
          <div key={who} data-own={who.startsWith('rxwire')}>
            <dt>{who}</dt>
            <dd>
              <i style={{ width: `${Number.isFinite(value) ? (70 * value) / most : 70}%` }} />
              {shown}
            </dd>
          </div>
        ))}
      </dl>
    </figure>
  )
}

/** @throws Error if RESULTS.md has no such measurement, so that a renamed one does not leave an empty chart. */
function barsOf(chapter: string, what: string): readonly Bar[] {
  const start = results.indexOf(`\n## ${chapter}\n`)
  const end = results.indexOf('\n## ', start + 1)
  const rows = results
    .slice(start, end === -1 ? undefined : end)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const bars: Bar[] = []
  let name = ''
  for (const [, label = '', who = '', shown = ''] of rows) {
    if (label !== '') name = label
    if (name === what) bars.push({ who, shown, value: Number.parseFloat(shown.replaceAll(',', '')) })
  }
  if (start === -1 || bars.length === 0) throw new Error(`RESULTS.md has no "${what}" in "${chapter}".`)
  return bars
}
