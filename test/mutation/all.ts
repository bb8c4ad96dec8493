import { Stryker } from '@stryker-mutator/core'
import { groups } from './groups.ts'
import { strykerOptions } from './options.ts'

// `npm run test:mutation [group…]`: runs each group separately, so that each has its own score.

const chosen = process.argv.slice(2)
const unknown = chosen.filter((name) => !(name in groups))
if (unknown.length > 0) {
  console.error(`Unknown group: ${unknown.join(', ')}. Known: ${Object.keys(groups).join(', ')}.`)
  process.exit(1)
}

for (const [name, group] of Object.entries(groups)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  console.info(`\n${name}`)
  // A score below the threshold makes Stryker set the exit code.
  await new Stryker(strykerOptions(name, group)).runMutationTest()
}
