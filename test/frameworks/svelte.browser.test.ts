import { svelte } from './harness/svelte.ts'
import { adapterSuite } from './suite.ts'

adapterSuite(svelte)
