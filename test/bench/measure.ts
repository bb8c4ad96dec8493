import type { Work } from './work.ts'

// A program, started by run.ts for each work: what one work leaves behind in memory, or in what the compiler has learnt,
// is not there for the next.
const [file] = process.argv.slice(2)
const { measure }: { measure(): Promise<Work> } = await import(`./works/${file}.ts`)
const work = await measure()
process.send?.(work)
process.disconnect?.()
