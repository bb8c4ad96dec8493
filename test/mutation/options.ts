import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stryker } from '@stryker-mutator/core'
import type { MutationGroup } from './groups.ts'

type StrykerOptions = ConstructorParameters<typeof Stryker>[0]

// Ignored by git, and gone with a fresh install.
const REPORTS = 'node_modules/.cache/mutation'

/** How a group is mutated. What did not change since the last run is not run again. */
export function strykerOptions(name: string, { mutate, testFiles }: MutationGroup): StrykerOptions {
  return {
    mutate: [...mutate],
    testFiles: [...testFiles],
    testRunner: 'vitest',
    // Processes, not threads: a test that sets the time zone needs one.
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false, pool: 'forks' },
    plugins: ['@stryker-mutator/vitest-runner', './test/mutation/ignore-texts.ts'],
    ignorers: ['texts'],
    // What runs as a module is loaded would need everything loaded anew for each mutant.
    ignoreStatic: true,
    concurrency: 1,
    // On a busy machine what is slow is not what hangs.
    timeoutMS: 10_000,
    thresholds: { high: 95, low: 90, break: 85 },
    incremental: true,
    incrementalFile: `${REPORTS}/${name}.json`,
    reporters: ['progress', 'clear-text', 'html', 'json'],
    htmlReporter: { fileName: `${REPORTS}/${name}.html` },
    jsonReporter: { fileName: `${REPORTS}/${name}.report.json` },
    clearTextReporter: { reportTests: false, logTests: false },
    // Vite leaves alone what lies in node_modules, so the mutated copy cannot.
    tempDirName: join(tmpdir(), 'rxwire-mutation'),
    // There is none that Stryker would have to rewrite, and it asks the compiler of TypeScript 6 to do so.
    tsconfigFile: 'none',
  }
}
