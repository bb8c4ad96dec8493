import { WireError } from '../errors.ts'
import { isStream } from '../host-object.ts'
import type { ResolvedRequest } from './request.ts'
import { shownUrl } from './shown-url.ts'

/** For senders that would send a stream as the text of its name, "[object ReadableStream]". */
export function refuseStream(request: ResolvedRequest, sender: string): void {
  if (!isStream(request.body)) return
  throw new WireError(
    'network',
    `${request.method} ${shownUrl(request)}: ${sender} cannot send a stream as its body. It can send a Blob: ` +
      'new Response(stream).blob() makes one.',
  )
}
