import { sqliteLogs } from 'rxwire/server'
import { conformanceOf } from './conformance.ts'
import { temporaryFile } from './temporary-file.ts'

conformanceOf(() => sqliteLogs(temporaryFile('feed.db')))
