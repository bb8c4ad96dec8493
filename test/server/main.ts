import { startServer } from './server.ts'

// The server as a program: `node main.ts [port]`. Says where it is, and ends with whoever started it.
const server = await startServer(Number(process.argv[2] ?? 0))
process.stdin.resume().on('close', () => process.exit())
console.info(server.url)
