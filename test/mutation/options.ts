import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stryker } from '@stryker-mutator/core'
import type { MutationGroup } from './groups.ts'

type StrykerOptions = ConstructorParameters<typeof Stryker>[0]

// Ignored by git, and deleted by a fresh install.
const REPORTS = 'node_modules/.cache/mutation'

/** Returns the options for a group. Runs are incremental: mutants of unchanged code do not run again. */
export function strykerOptions(name: string, { mutate, testFiles }: MutationGroup): StrykerOptions {
  return {
    mutate: [...mutate],
    testFiles: [...testFiles],
    testRunner: 'vitest',
    // Processes, not threads: a test that sets the time zone needs a process.
    vitest: { configFile: 'test/mutation/vitest.config.ts', related: false, pool: 'forks' },
    plugins: ['@stryker-mutator/vitest-runner', './test/mutation/ignore-texts.ts'],
    ignorers: ['texts'],
    // Code that runs while a module loads would need all modules to load again for each mutant.
    ignoreStatic: true,
    concurrency: 1,
    // Long enough that a slow test on a busy machine does not count as a hang.
    timeoutMS: 10_000,
    thresholds: { high: 95, low: 90, break: 85 },
    incremental: true,
    incrementalFile: `${REPORTS}/${name}.json`,
    reporters: ['progress', 'clear-text', 'html', 'json'],
    htmlReporter: { fileName: `${REPORTS}/${name}.html` },
    jsonReporter: { fileName: `${REPORTS}/${name}.report.json` },
    clearTextReporter: { reportTests: false, logTests: false },
    // Outside of node_modules, because Vite does not transform files in there.
    tempDirName: join(tmpdir(), 'rxwire-mutation'),
    // Stryker rewrites tsconfig files with the compiler API of TypeScript 6. None needs it here.
    tsconfigFile: 'none',
  }
}
