import { screen } from '@testing-library/react'
import { Component, type ReactNode, version } from 'react'
import { isWireError } from 'rxwire'
import { expect, onTestFinished } from 'vitest'

/** React 18 cannot hide a part of a page and keep it. */
export const hasActivity = !version.startsWith('18.')

/** The text of the element with this label; `undefined` while there is none, or it is hidden. */
export function textOf(label: string): string | undefined {
  const element = screen.queryByLabelText(label)
  return element?.checkVisibility() === true ? (element.textContent ?? '') : undefined
}

/** Waits for the text as a person does, without asking React to hurry. */
export async function expectText(label: string, text: string | RegExp): Promise<void> {
  await expect.poll(() => textOf(label)).toMatch(text)
}

/** Shows what its children throw: the kind of an error of ours, the message of any other. A press tries again. */
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

/** React tells the console of every error, also of those that a boundary has caught. */
export function keepConsoleQuiet(): void {
  const { error } = console
  console.error = () => {}
  onTestFinished(() => {
    console.error = error
  })
}
