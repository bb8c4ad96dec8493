import { screen } from '@testing-library/react'
import { Component, type ReactNode, version } from 'react'
import { isWireError } from 'rxwire'
import { expect, onTestFinished } from 'vitest'

/** React 18 has no `Activity`. */
export const hasActivity = !version.startsWith('18.')

/** The text of the element with this label; `undefined` while there is none, or it is hidden. */
export function textOf(label: string): string | undefined {
  const element = screen.queryByLabelText(label)
  return element?.checkVisibility() === true ? (element.textContent ?? '') : undefined
}

/** Polls for the text without `act`, so that React renders on its own schedule. */
export async function expectText(label: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => textOf(label)).toMatch(text)
}

/** Shows the kind of a `WireError` and the message of any other error. A click renders the children again. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <button type="button" aria-label="boundary" onClick={() => this.setState({ error: undefined })}>
        {isWireError(error) ? error.kind : String(error)}
      </button>
    )
  }
}

/** Mutes `console.error` during the test. React logs every error, also if a boundary has caught it. */
export function keepConsoleQuiet(): void {
  const { error } = console
  console.error = () => {}
  onTestFinished(() => {
    console.error = error
  })
}
