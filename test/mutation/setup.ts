import fc from 'fast-check'
import { vi } from 'vitest'

// All test files share one worker. Loading the modules again for each file keeps their state apart.
vi.resetModules()
await import('../setup.ts')

// Limits the time of a property test, because it runs once for each of a thousand mutants.
fc.configureGlobal({ interruptAfterTimeLimit: 200 })
