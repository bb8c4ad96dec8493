import { useEffect, useState } from 'react'
import { type Lab, pretend } from './lab.ts'

/** What can happen to a page, as buttons. All but the cut is only said to it, as the browser would. */
export function PageSwitches({ lab }: { lab: Lab }) {
  // Whoever goes to another story must not be taken for hidden there.
  useEffect(
    () => () => {
      pretend.hidden(false)
    },
    [],
  )
  return (
    <>
      <p className="label">Tell the page that it is …</p>
      <div className="switches">
        <PressedButton name="hidden" onPress={pretend.hidden} />
        <PressedButton name="frozen" onPress={pretend.frozen} />
        <PressedButton name="left, and kept for the way back" onPress={pretend.left} />
        <PressedButton name="offline" onPress={lab.offline} />
        <span className="by-hand">
          <button type="button" onClick={() => lab.cut()}>
            Cut the connection
          </button>
        </span>
      </div>
    </>
  )
}

/** A button that stays pressed until it is pressed again. */
function PressedButton({ name, onPress }: { name: string; onPress: (isPressed: boolean) => void }) {
  const [isPressed, setPressed] = useState(false)
  const press = () => {
    setPressed(!isPressed)
    onPress(!isPressed)
  }
  return (
    <button type="button" aria-pressed={isPressed} onClick={press}>
      {name}
    </button>
  )
}
