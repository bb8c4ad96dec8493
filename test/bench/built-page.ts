import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')
const HTML = '<!doctype html><meta charset="utf-8"><main></main><script type="module" src="/page.js"></script>'

/** A served page. */
export interface BuiltPage {
  readonly url: string
  close(): void
}

/** Builds `pages/<name>` for production, minified, with the built package that users install. Serves the result. */
export async function serveBuiltPage(name: string): Promise<BuiltPage> {
  const code = await bundled(resolve(import.meta.dirname, 'pages', name))
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(code)
    else response.setHeader('content-type', 'text/html').end(HTML)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function bundled(entry: string): Promise<string> {
  let code = ''
  await build({
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: {
      alias: {
        'rxwire/react': resolve(root, 'dist/adapters/react/index.js'),
        rxwire: resolve(root, 'dist/src/index.js'),
      },
    },
    plugins: [
      {
        name: 'in-memory',
        generateBundle: (_, output) => {
          for (const chunk of Object.values(output)) if (chunk.type === 'chunk') code += chunk.code
        },
      },
    ],
    build: { write: false, modulePreload: false, rolldownOptions: { input: entry } },
  })
  return code
}
