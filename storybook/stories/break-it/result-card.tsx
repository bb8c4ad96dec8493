import { useEffect, useRef } from 'react'
import type { Counts } from './account.ts'
import { chaosPlan, type FaultName, faultOf } from './faults.ts'

/** The result of a chaos run. */
export interface Result {
  readonly seed: number
  readonly faults: readonly FaultName[]
  readonly rows: readonly { readonly name: string; readonly counts: Counts }[]
}

/** What a chaos run has cost each column, with a link that repeats it. */
export function ResultCard({
  result,
  link,
  format,
  onClose,
}: {
  result: Result
  link: string
  format: (count: number) => string
  onClose: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="result" aria-label="Result" onClose={onClose}>
      <h2 className="result-title">30 seconds of chaos</h2>
      <p className="quiet">{describe(result)}</p>
      <table className="comparison">
        <thead>
          <tr>
            <td />
            {['Received', 'Lost', 'Duplicates'].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.map(({ name, counts }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-name="Received">{format(counts.received)}</td>
              <td data-name="Lost" data-alarm={format(counts.lost) !== format(0)}>
                {format(counts.lost)}
              </td>
              <td data-name="Duplicates" data-alarm={format(counts.duplicates) !== format(0)}>
                {format(counts.duplicates)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="switches result-actions">
        <form method="dialog">
          <button type="submit" className="primary">
            Close
          </button>
        </form>
        <a className="button" href={link} target="_top">
          Link to this run (seed {result.seed})
        </a>
      </div>
    </dialog>
  )
}

/** Names the faults of the run, with how often each was. */
function describe({ seed, faults }: Result): string {
  const counts = new Map<FaultName, number>()
  for (const { name } of chaosPlan(seed, faults)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => `${faultOf[name].label} × ${count}`).join(', ')
}
