import { mkdtempSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'

const PATH = '/uploads'
const directory = mkdtempSync(join(tmpdir(), 'rxwire-bench-'))
const server = new Server({ path: PATH, datastore: new FileStore({ directory }), allowedOrigins: () => true })

/** The reference implementation of tus, in a folder of its own that goes with it. */
export const uploads = {
  has: (pathname: string): boolean => pathname === PATH || pathname.startsWith(`${PATH}/`),
  handle: (request: IncomingMessage, response: ServerResponse): void => {
    server.handle(request, response).catch((error: unknown) => response.destroy(error as Error))
  },
  remove: (): void => rmSync(directory, { recursive: true, force: true }),
}
