import { refuse } from '../refuse.ts'
import type { Scenario } from '../scenario.ts'

/**
 * A home-made server of the plain scheme: GET says how many bytes of `X-File-Id` are there, POST appends from
 * `X-Start-Byte` on. A wrong start is answered `?conflict=` (409); with `?hold` a POST is read and never answered. With `?keeps=` it keeps so many bytes of each POST, and says nothing of it. It
 * refuses what it is told to.
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
