import { chromium } from './chromium.ts'
import { type Engine, missingPackages } from './engine.ts'
import { firefox } from './firefox.ts'
import { webkit } from './webkit.ts'

/** All engines that the tests know. */
export const engines: readonly Engine[] = [chromium, firefox, webkit]

/** Returns the engines that are available on this machine. */
export function presentEngines(): readonly Engine[] {
  return engines.filter((engine) => missingPackages(engine).length === 0)
}
