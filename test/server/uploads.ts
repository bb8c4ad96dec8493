import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// Longer than it takes to write the buffered bytes of a socket.
const IN_HAND_MS = 500

/** The stored uploads, in a temporary folder that is removed together with the server. */
export class Uploads {
  #folder: string | undefined
  readonly #writers = new Map<string, { stop(): void; readonly done: Promise<void> }>()

  get folder(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'rxwire-uploads-'))
    return this.#folder
  }

  /** The file of an upload. Clients choose the ids, so an id must not point outside the folder. */
  path(id: string): string {
    return join(this.folder, id.replace(/[^\w-]/g, '_'))
  }

  sizeOf(id: string): number {
    return statSync(this.path(id), { throwIfNoEntry: false })?.size ?? 0
  }

  /** Waits until no request writes to an upload any more. A dropped connection may still have buffered bytes. */
  async settle(id: string): Promise<void> {
    const writer = this.#writers.get(id)
    if (writer === undefined) return
    // The buffered bytes of a dropped connection are written at once. A connection that hangs is stopped.
    const timer = setTimeout(() => writer.stop(), IN_HAND_MS)
    await writer.done
    clearTimeout(timer)
  }

  /** Appends the request body. The bytes before a cut are kept. */
  async append(id: string, request: IncomingMessage): Promise<void> {
    const stopped = new AbortController()
    const file = createWriteStream(this.path(id), { flags: 'a' })
    const done = pipeline(request, file, { signal: stopped.signal }).catch(() => {})
    const writer = { stop: () => stopped.abort(), done }
    this.#writers.set(id, writer)
    await done
    if (this.#writers.get(id) === writer) this.#writers.delete(id)
  }

  /** Drops the bytes after an offset, like a server that crashed before it wrote them. */
  truncate(id: string, bytes: number): void {
    truncateSync(this.path(id), bytes)
  }

  delete(id: string): void {
    rmSync(this.path(id), { force: true })
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
