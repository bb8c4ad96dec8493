import type { WireState } from 'rxwire'

/** The last failure, for as long as it matters. */
export function ErrorNotice({ connection, error }: Pick<WireState<unknown>, 'connection' | 'error'>) {
  if (error === undefined) return null
  return (
    <p className="notice" role="alert" data-connection={connection}>
      <strong>{error.kind}</strong> {error.message}
    </p>
  )
}
