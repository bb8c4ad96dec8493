import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { memoryLogs, serveLog, toNode } from 'rxwire/server'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
}

/** Handles a request, or resolves with `false`. */
export type ServeFirst = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/** Serves the files of a folder, and the log 1, 2, 3 at `/ticks`. `serveFirst` may handle a request before that. */
export async function serveConsumer(
  folder: string,
  serveFirst: ServeFirst = async () => false,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const log = memoryLogs().open<number>('ticks')
  await log.append([1, 2, 3])
  const ticks = toNode(serveLog(log, { start: 'earliest' }))
  const server = createServer(async (request, response) => {
    if (await serveFirst(request, response)) return
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/ticks') {
      ticks(request, response)
      return
    }
    const path = join(folder, pathname === '/' ? 'index.html' : pathname)
    // The modules of RxJS import each other without an extension.
    const file = extname(path) === '' ? [`${path}.js`, join(path, 'index.js')].find(existsSync) : path
    if (file === undefined || !existsSync(file)) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' }).end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
