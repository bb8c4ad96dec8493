import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

// Longer than it takes to write what a socket holds.
const IN_HAND_MS = 500

/** What was uploaded, in a folder of its own that goes with the server. */
export class Uploads {
  #folder: string | undefined
  readonly #writers = new Map<string, { stop(): void; readonly done: Promise<void> }>()

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

  /** Ends whoever still writes: a connection that is lost to its client may have something in hand yet. */
  async settle(id: string): Promise<void> {
    const writer = this.#writers.get(id)
    if (writer === undefined) return
    // Of a connection that was cut, what it had in hand is written in a moment. One that hangs is not waited for.
    const timer = setTimeout(() => writer.stop(), IN_HAND_MS)
    await writer.done
    clearTimeout(timer)
  }

  /** Appends what comes. What has come before a cut stays. */
  async append(id: string, request: IncomingMessage): Promise<void> {
    const stopped = new AbortController()
    const file = createWriteStream(this.path(id), { flags: 'a' })
    const done = pipeline(request, file, { signal: stopped.signal }).catch(() => {})
    const writer = { stop: () => stopped.abort(), done }
    this.#writers.set(id, writer)
    await done
    if (this.#writers.get(id) === writer) this.#writers.delete(id)
  }

  /** Loses what came after a byte, as a server does that had not written it yet. */
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
