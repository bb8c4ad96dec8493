import { finalize } from 'rxjs'
import { fromEventSource } from 'rxwire'
import { acrossTabs } from 'rxwire/tabs'
import type { Tick } from '../../test/server/prices.ts'
import { pretend } from '../panels/lab.ts'
import { tickOptions } from '../panels/tick-options.ts'

// The page of one frame. Its address and the address of the token are in its body.
const { source = '', token = '' } = document.body.dataset
const figures = { role: 'follows', connection: '', ticks: 0, missing: 0, gaps: 0, last: 0 }

function show(): void {
  const { role, connection, ticks, missing, gaps } = figures
  for (const [title, value] of Object.entries({ role, connection, ticks, missing: missing + gaps })) {
    const figure = document.querySelector(`[title="${title}"]`)
    if (figure !== null) figure.textContent = String(value)
  }
}

const options = tickOptions({ token: async () => (await (await fetch(token)).json()).token })

acrossTabs<Tick>(
  (start) => {
    figures.role = 'has the connection'
    const away = () => {
      figures.role = 'follows'
      show()
    }
    return fromEventSource(source, { ...options, ...start }).pipe(finalize(away))
  },
  { key: source },
).subscribe((event) => {
  if (event.type === 'message') {
    figures.ticks += 1
    if (figures.last > 0) figures.missing += event.data.n - figures.last - 1
    figures.last = event.data.n
  } else {
    figures.connection = event.type
    if (event.type === 'open' && event.continuity === 'gap') figures.gaps += 1
  }
  show()
})

for (const [name, press] of Object.entries({ Freeze: pretend.frozen, Hide: pretend.hidden })) {
  const button = document.body.appendChild(document.createElement('button'))
  button.textContent = name
  button.ariaPressed = 'false'
  button.onclick = () => {
    const isPressed = button.ariaPressed === 'false'
    button.ariaPressed = String(isPressed)
    press(isPressed)
  }
}
