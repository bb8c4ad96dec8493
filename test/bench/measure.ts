import type { Work } from './work.ts'

// A program, started by run.ts: measures the work that is named and sends what it has found.
const { measure }: { measure(): Promise<Work> } = await import(`./works/${process.argv[2]}.ts`)
process.send?.(await measure(), () => process.exit())
