import { solid } from './harness/solid.ts'
import { adapterSuite } from './suite.ts'

adapterSuite(solid)
