import fc from 'fast-check'
import { vi } from 'vitest'

// All files share a worker here. The sources are loaded anew for each, so that none finds what another one left.
vi.resetModules()
await import('../setup.ts')

// What chance does not find in little time is no reason to wait, a thousand mutants long.
fc.configureGlobal({ interruptAfterTimeLimit: 200 })
