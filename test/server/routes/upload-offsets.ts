import { refuse } from '../refuse.ts'
import type { Scenario } from '../scenario.ts'

/**
 * A server for `offsetHeaders`: GET responds with the stored size of `X-File-Id`, POST appends from `X-Start-Byte` on.
 * A wrong start gets the status `?conflict=` (409). With `?hold` a POST gets no response. With `?keeps=` the server
 * stores only that many bytes of each POST but still reports success. Supports the options of `refuse`.
 */
export const uploadOffsets: Scenario = {
  path: '/upload/offsets',
  readsBody: true,
  async serve(visit) {
    if (refuse(visit)) return
    const { request, response, query, lab } = visit
    const id = `offsets-${request.headers['x-file-id']}`
    await lab.uploads.settle(id)
    const there = lab.uploads.sizeOf(id)
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(String(there))
      return
    }
    if (Number(request.headers['x-start-byte']) !== there) {
      response.writeHead(Number(query.get('conflict') ?? 409)).end('wrong start byte')
      return
    }
    await lab.uploads.append(id, request)
    if (query.has('keeps'))
      lab.uploads.truncate(id, Math.min(lab.uploads.sizeOf(id), there + Number(query.get('keeps'))))
    if (!query.has('hold')) response.writeHead(200, { 'content-type': 'text/plain' }).end('thank you')
  },
}
