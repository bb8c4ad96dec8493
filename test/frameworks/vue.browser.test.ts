import { vue } from './harness/vue.ts'
import { adapterSuite } from './suite.ts'

adapterSuite(vue)
