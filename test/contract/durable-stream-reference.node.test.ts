import { it } from 'vitest'
import { cutModes, expectAllThroughCuts } from '../chaos/durable-stream-cuts.ts'

it.each(cutModes)('delivers every message once and in order through 100 cuts (live: %s)', (live) =>
  expectAllThroughCuts(live, 100, 7),
)
