import { inject, it } from 'vitest'
import { cutModes, expectAllThroughCuts } from './durable-stream-cuts.ts'

const CUTS = 1_000

it.each(cutModes)(
  `fromDurableStream delivers every message once and in order through ${CUTS} cuts of the reference server (live: %s)`,
  (live) => expectAllThroughCuts(live, CUTS, inject('seed')),
)
