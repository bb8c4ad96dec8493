/** The result of one request. */
export interface SeenAnswer {
  readonly id: number
  readonly kind: 'new' | 'unchanged' | 'failed'
}

/** The results of the last requests, one mark each, the latest on the right. */
export function AnswerStrip({ answers }: { answers: readonly SeenAnswer[] }) {
  return (
    <>
      <p className="label">Responses, one mark each</p>
      <ol className="answers" aria-label="Answers">
        {answers.slice(-60).map(({ id, kind }) => (
          <li key={id} data-answer={kind} title={kind} />
        ))}
      </ol>
      <ul className="legend">
        <li data-answer="new">
          <i /> 200, something new
        </li>
        <li data-answer="unchanged">
          <i /> 304, nothing changed
        </li>
        <li data-answer="failed">
          <i /> 503
        </li>
      </ul>
    </>
  )
}
