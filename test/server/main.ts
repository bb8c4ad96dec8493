import { startServer } from './server.ts'

// The server as a program: `node main.ts [port]`. Prints its address, and exits together with its parent process.
const server = await startServer(Number(process.argv[2] ?? 0))
process.stdin.resume().on('close', () => process.exit())
console.info(server.url)
