/** One of a few. */
export function Choices<V extends string>({
  label,
  choices,
  chosen,
  onChoose,
}: {
  label: string
  choices: readonly V[]
  chosen: V | undefined
  onChoose: (choice: V) => void
}) {
  return (
    <fieldset className="choices">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <label key={choice}>
          <input type="radio" name={label} checked={choice === chosen} onChange={() => onChoose(choice)} />
          {choice}
        </label>
      ))}
    </fieldset>
  )
}
