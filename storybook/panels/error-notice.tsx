import type { WireState } from 'rxwire'
import { withoutQuery } from './session.ts'

/** The last failure, for as long as it matters. */
export function ErrorNotice({ connection, error }: Pick<WireState<unknown>, 'connection' | 'error'>) {
  if (error === undefined) return null
  return (
    <p className="notice" role="alert" data-connection={connection}>
      <strong>{error.kind}</strong> {withoutQuery(error.message)}
    </p>
  )
}
