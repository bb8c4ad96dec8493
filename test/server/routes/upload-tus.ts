import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import type { Lab } from '../lab.ts'
import { refuse } from '../refuse.ts'
import { PREFIX, type Scenario } from '../scenario.ts'

const servers = new WeakMap<Lab, Server>()

/**
 * The reference implementation of tus. Pieces above `?maxPieceBytes=` are refused as a proxy in front would, with 413
 * before they are read; uploads above `?maxBytes=` by the server itself. With `?hold` a PATCH is never answered, and with
 * `?elsewhere=` uploads are kept at that origin. It refuses what it is told to.
 */
export const uploadTus: Scenario = {
  path: '/upload/tus',
  isFolder: true,
  readsBody: true,
  async serve(visit) {
    if (refuse(visit)) return
    const { request, response, query, lab } = visit
    const isPiece = request.method === 'PATCH'
    if (isPiece && query.has('hold')) return
    if (isPiece && Number(request.headers['content-length']) > Number(query.get('maxPieceBytes') ?? Infinity)) {
      response.writeHead(413).end('too large, says the proxy')
      // What is still coming is taken in, as proxies do: who cannot send to the end may never see the answer.
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
    // Relative, as the protocol allows, and with the query, which says whose upload it is.
    generateUrl: ({ url }, { id }) => {
      const { search, searchParams } = new URL(url)
      return `${searchParams.get('elsewhere') ?? ''}${path}/${id}${search}`
    },
    getFileIdFromRequest: ({ url }) => new URL(url).pathname.slice(path.length + 1) || undefined,
    // An empty upload is finished as it is created, and that must be a 201.
    onUploadFinish: async (_, { id, size }) => (size === 0 ? {} : { status_code: 200, body: `finished ${id}` }),
  })
}
