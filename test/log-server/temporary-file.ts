import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Returns the path of a file in a folder of its own, which is removed when the process exits. */
export function temporaryFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-log-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}
