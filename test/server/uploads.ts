import { createHash } from 'node:crypto'
import { createReadStream, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What was uploaded, in a folder of its own that goes with the server. */
export class Uploads {
  #folder: string | undefined

  get folder(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'rxwire-uploads-'))
    return this.#folder
  }

  /** The file of an upload. An id is what a client chose: it must not lead anywhere else. */
  path(id: string): string {
    return join(this.folder, id.replace(/[^\w-]/g, '_'))
  }

  sizeOf(id: string): number {
    return statSync(this.path(id), { throwIfNoEntry: false })?.size ?? 0
  }

  /** Loses what came after a byte, as a server does that had not written it yet. */
  truncate(id: string, bytes: number): void {
    truncateSync(this.path(id), bytes)
  }

  async digest(id: string): Promise<string> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(this.path(id))) hash.update(chunk)
    return hash.digest('hex')
  }

  remove(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }
}
