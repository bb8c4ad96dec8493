import { react } from './harness/react.tsx'
import { adapterSuite } from './suite.ts'

adapterSuite(react)
