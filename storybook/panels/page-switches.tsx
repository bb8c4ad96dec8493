import { useEffect, useState } from 'react'
import { type Lab, pretend } from './lab.ts'

/** Buttons that dispatch the signals of a page, and one that cuts the connection. */
export function PageSwitches({ lab }: { lab: Lab }) {
  // The next story must not start as a hidden page.
  useEffect(
    () => () => {
      pretend.hidden(false)
    },
    [],
  )
  return (
    <>
      <p className="label">Report the page as</p>
      <div className="switches">
        <PressedButton name="hidden" onPress={pretend.hidden} />
        <PressedButton name="frozen" onPress={pretend.frozen} />
        <PressedButton name="left (back/forward cache)" onPress={pretend.left} />
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
