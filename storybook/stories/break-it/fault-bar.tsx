import { useEffect, useRef } from 'react'
import type { BoardState } from './fault-board.ts'
import { type FaultName, faultNames, faultOf } from './faults.ts'

const chaosLabels = { idle: 'Chaos 30 s', running: 'Chaos runs …', settling: 'Waiting for late messages …' }

/** The faults as buttons. The keys 1 to 6 press them, too. */
export function FaultBar({
  active,
  chaos,
  onPress,
  onChaos,
}: BoardState & { readonly onPress: (name: FaultName) => void; readonly onChaos: () => void }) {
  const isIdle = chaos === 'idle'
  useFaultKeys((name) => isIdle && onPress(name))
  return (
    <fieldset className="switches fault-bar" aria-label="Faults">
      {faultNames.map((name, index) => {
        const { label, ending, lastsMs } = faultOf[name]
        const isActive = active.has(name)
        return (
          <button
            key={name}
            type="button"
            data-active={isActive}
            disabled={!isIdle || (isActive && lastsMs !== undefined)}
            onClick={() => onPress(name)}
          >
            <kbd>{index + 1}</kbd> <span>{isActive && ending !== undefined ? ending.label : label}</span>
          </button>
        )
      })}
      <button type="button" className="primary by-hand" disabled={!isIdle} onClick={onChaos}>
        {chaosLabels[chaos]}
      </button>
    </fieldset>
  )
}

function useFaultKeys(onPress: (name: FaultName) => void): void {
  const latest = useRef(onPress)
  useEffect(() => {
    latest.current = onPress
  })
  useEffect(() => {
    const listen = ({ key, target, ctrlKey, metaKey, altKey, repeat }: KeyboardEvent) => {
      const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select')
      const name = faultNames[Number(key) - 1]
      if (name !== undefined && !(isTyping || ctrlKey || metaKey || altKey || repeat)) latest.current(name)
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
