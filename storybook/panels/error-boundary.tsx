import { Component, type ReactNode } from 'react'
import { isWireError, type WireError } from 'rxwire'

interface ErrorBoundaryProps {
  /** Rendered instead of children that have failed. `retry` renders them again. */
  readonly fallback: (error: WireError, retry: () => void) => ReactNode
  readonly children: ReactNode
}

/** Catches the errors that hooks throw in a render. Any other error is a mistake in the story, and is thrown again. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error?: unknown }> {
  override state: { readonly error?: unknown } = {}

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (error === undefined) return this.props.children
    if (!isWireError(error)) throw error
    return this.props.fallback(error, () => this.setState({ error: undefined }))
  }
}
