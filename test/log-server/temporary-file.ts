import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Returns a new folder, which is removed when the process exits. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-log-'))
  folders.push(folder)
  return folder
}

/** Returns the path of a file in a folder of its own. */
export function temporaryFile(name: string): string {
  return join(temporaryFolder(), name)
}
