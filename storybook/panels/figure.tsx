/** A number with its name, in a list of figures. */
export function Figure({
  name,
  value,
  isAlarming = false,
}: {
  name: string
  value: string | number
  isAlarming?: boolean
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-alarm={isAlarming} title={name}>
        {value}
      </dd>
    </div>
  )
}
