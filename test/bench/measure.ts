import type { Work } from './work.ts'

// A program, started by run.ts: measures the named benchmark and sends the result.
const { measure }: { measure(): Promise<Work> } = await import(`./works/${process.argv[2]}.ts`)
process.send?.(await measure(), () => process.exit())
