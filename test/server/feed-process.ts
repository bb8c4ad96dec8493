import { createServer } from 'node:http'
import { serveLogs, sqliteLogs, toNode } from '../../adapters/server/index.ts'

// One of the two servers of a demo as a program: `node feed-process.ts <name> <SQLite file>`. Prints its port, and exits
// together with its parent process.
const [name = '', file = ''] = process.argv.slice(2)
const serve = serveLogs(sqliteLogs(file, { maxItems: 1_000 }), {
  // Only the producer appends, which is no page.
  authorize: (request, { action }) => action === 'read' || request.headers.get('origin') === null,
  cors: { origins: '*' },
  retryMs: 10,
})
const server = createServer(
  toNode(async (request) => {
    const response = await serve(request)
    response.headers.set('x-server', name)
    response.headers.append('access-control-expose-headers', 'x-server')
    return response
  }),
)
process.stdin.resume().on('close', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.info(typeof address === 'object' ? address?.port : '')
})
