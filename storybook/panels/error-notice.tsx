import type { WireState } from 'rxwire'

/** The last failure, while it matters. Its place is kept, so that nothing below moves. */
export function ErrorNotice({ connection, error }: Pick<WireState<unknown>, 'connection' | 'error'>) {
  return (
    <div className="notice-place">
      {error !== undefined && (
        <p className="notice" role="alert" data-connection={connection}>
          <strong>{error.kind}</strong> {error.message}
        </p>
      )}
    </div>
  )
}
