import { angular } from './harness/angular.ts'
import { adapterSuite } from './suite.ts'

adapterSuite(angular)
