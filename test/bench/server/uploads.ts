import type { IncomingMessage, ServerResponse } from 'node:http'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { Uploads } from '../../server/uploads.ts'

const PATH = '/uploads'
const kept = new Uploads()
let server: Server | undefined

/** The reference implementation of tus, with a temporary folder that `remove` deletes. */
export const uploads = {
  has: (pathname: string): boolean => pathname === PATH || pathname.startsWith(`${PATH}/`),
  handle: (request: IncomingMessage, response: ServerResponse): void => {
    server ??= new Server({
      path: PATH,
      datastore: new FileStore({ directory: kept.folder }),
      allowedOrigins: () => true,
    })
    server.handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  },
  remove: (): void => kept.remove(),
}
