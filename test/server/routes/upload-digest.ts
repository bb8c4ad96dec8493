import type { Scenario } from '../scenario.ts'

/**
 * Responds with the size and SHA-256 of the upload `?id=`. POST first drops the bytes after `?bytes=`. DELETE drops the
 * whole upload.
 */
export const uploadDigest: Scenario = {
  path: '/upload/digest',
  async serve({ request, response, query, lab }) {
    const id = query.get('id') ?? ''
    if (request.method === 'DELETE') {
      lab.uploads.delete(id)
      response.writeHead(204).end()
      return
    }
    if (request.method === 'POST') lab.uploads.truncate(id, Number(query.get('bytes')))
    const digest = { sizeBytes: lab.uploads.sizeOf(id), sha256: await lab.uploads.digest(id) }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(digest))
  },
}
