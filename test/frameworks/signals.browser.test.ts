import { signals } from './harness/signals.ts'
import { adapterSuite } from './suite.ts'

adapterSuite(signals)
