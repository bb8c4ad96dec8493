/** Steps in a row, with the present one marked. */
export function Steps({ label, steps, at }: { label: string; steps: readonly string[]; at: number | undefined }) {
  return (
    <ol className="steps" aria-label={label}>
      {steps.map((step, index) => (
        <li
          key={step}
          data-past={at !== undefined && index < at}
          aria-current={index === at ? 'step' : undefined}
          data-last={index === steps.length - 1}
        >
          {step}
        </li>
      ))}
    </ol>
  )
}
