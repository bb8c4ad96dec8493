import { memoryLogs } from 'rxwire/server'
import { conformanceOf } from './conformance.ts'

conformanceOf(() => memoryLogs())
