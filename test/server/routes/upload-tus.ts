import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { countUploaded } from '../count-uploaded.ts'
import { refusedByFault } from '../demo-faults.ts'
import type { Lab } from '../lab.ts'
import { refuse } from '../refuse.ts'
import { PREFIX, type Scenario } from '../scenario.ts'

const servers = new WeakMap<Lab, Server>()

/**
 * The reference implementation of tus. Refuses chunks above `?maxPieceBytes=` with 413 before it reads them, like a
 * proxy; the tus server itself refuses uploads above `?maxBytes=`. With `?hold` a PATCH gets no response. With
 * `?elsewhere=` the upload URLs are at that origin. Supports the options of `refuse`.
 */
export const uploadTus: Scenario = {
  path: '/upload/tus',
  isFolder: true,
  readsBody: true,
  async serve(visit) {
    countUploaded('/upload/tus', visit)
    if (refuse(visit) || refusedByFault(visit)) return
    const { request, response, query, lab } = visit
    const isPiece = request.method === 'PATCH'
    if (isPiece && query.has('hold')) return
    if (isPiece && Number(request.headers['content-length']) > Number(query.get('maxPieceBytes') ?? Infinity)) {
      response.writeHead(413).end('too large, says the proxy')
      // Reads the rest of the body like proxies do. A client that cannot finish sending may never see the response.
      request.resume()
      return
    }
    let server = servers.get(lab)
    if (server === undefined) {
      server = tusServer(lab)
      servers.set(lab, server)
    }
    await server.handle(request, response)
  },
}

function tusServer(lab: Lab): Server {
  const path = `${PREFIX}/upload/tus`
  return new Server({
    path,
    datastore: new FileStore({ directory: lab.uploads.folder }),
    allowedOrigins: () => true,
    maxSize: async ({ url }) => Number(new URL(url).searchParams.get('maxBytes') ?? 0),
    // Relative, as the protocol allows. The query contains the key of the test.
    generateUrl: ({ url }, { id }) => {
      const { search, searchParams } = new URL(url)
      return `${searchParams.get('elsewhere') ?? ''}${path}/${id}${search}`
    },
    getFileIdFromRequest: ({ url }) => new URL(url).pathname.slice(path.length + 1) || undefined,
    // An empty upload is finished when it is created, and the response to a creation must be 201.
    onUploadFinish: async (_, { id, size }) => (size === 0 ? {} : { status_code: 200, body: `finished ${id}` }),
  })
}
