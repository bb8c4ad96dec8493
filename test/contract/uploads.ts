import { fromUpload, offsetHeaders, tus, type Uploaded, type UploadOptions, type UploadProtocol } from 'rxwire'
import { expect, onTestFinished } from 'vitest'
import type { Backend } from '../backend.ts'
import { quick } from '../quick.ts'
import { type Recording, record } from '../record.ts'
import { seededBytes } from '../server/random.ts'
import { sha256 } from './requesters.ts'

export const KIB = 1024
export const MIB = 1024 * KIB

const DIGEST = '/upload/digest'

/** A protocol under test: the path of its server, and how to derive the id on the server from an upload URL. */
export interface UploadCase {
  readonly name: string
  readonly path: string
  readonly protocol: () => UploadProtocol
  readonly idOf: (uploadUrl: string) => string
}

export const tusCase: UploadCase = {
  name: 'tus',
  path: '/upload/tus',
  protocol: tus,
  idOf: (uploadUrl) => new URL(uploadUrl).pathname.split('/').at(-1) ?? '',
}

export const offsetsCase: UploadCase = {
  name: 'offsetHeaders',
  path: '/upload/offsets',
  protocol: offsetHeaders,
  idOf: (uploadUrl) => `offsets-${uploadUrl}`,
}

export const uploadCases: readonly UploadCase[] = [tusCase, offsetsCase]

/** Creates a file with a unique name. */
function fileOf(bytes: Uint8Array<ArrayBuffer>, name: string = crypto.randomUUID()): File {
  return new File([bytes], name, { type: 'application/octet-stream', lastModified: 1 })
}

export function seededFile(sizeBytes: number, name?: string): File {
  return fileOf(seededBytes(sizeBytes), name)
}

/** Returns size and hash of an upload on the server. Optionally drops the bytes after an offset first. */
export async function digestOf(
  server: Backend,
  { idOf }: UploadCase,
  uploadUrl: string,
  loseAfterBytes?: number,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const lose = loseAfterBytes !== undefined && { bytes: loseAfterBytes }
  const url = server.url(DIGEST, { id: idOf(uploadUrl), ...lose })
  return await (await fetch(url, { method: lose === false ? 'GET' : 'POST' })).json()
}

/** Makes the server lose an upload. */
export async function loseUpload(server: Backend, { idOf }: UploadCase, uploadUrl: string): Promise<void> {
  await fetch(server.url(DIGEST, { id: idOf(uploadUrl) }), { method: 'DELETE' })
}

/** Expects the session to complete and the server to have every byte of the file. */
export async function expectUploaded(
  server: Backend,
  each: UploadCase,
  session: Recording<Uploaded>,
  file: Blob,
): Promise<void> {
  expect(await session.ended()).toBe('complete')
  expect(session.data()).toHaveLength(1)
  expect(await digestOf(server, each, session.data()[0]?.uploadUrl ?? '')).toEqual({
    sizeBytes: file.size,
    sha256: await sha256(await file.arrayBuffer()),
  })
}

/** Starts an upload that retries within milliseconds. */
export function upload(
  each: UploadCase,
  url: string,
  file: Blob,
  options: Partial<UploadOptions> = {},
): Recording<Uploaded> {
  return record(fromUpload(url, file, { protocol: each.protocol(), reconnect: quick, ...options }))
}

/** Starts an upload, and unsubscribes when the server has confirmed this many bytes. */
export async function uploadUpTo(
  bytes: number,
  each: UploadCase,
  url: string,
  file: Blob,
  options: Partial<UploadOptions> = {},
): Promise<void> {
  const wire = fromUpload(url, file, { protocol: each.protocol(), reconnect: quick, ...options })
  let reachedBytes = 0
  const session = record(wire, (event) => {
    if (event.type !== 'progress' || (event.acknowledged ?? 0) < bytes) return
    reachedBytes = event.acknowledged ?? 0
    // The event may be emitted synchronously, before `session` is assigned.
    queueMicrotask(() => session.stop())
  })
  await expect.poll(() => reachedBytes).toBeGreaterThan(0)
  // Otherwise nothing would be left to resume.
  expect(reachedBytes).toBeLessThan(file.size)
}

/** Wraps a protocol: calls `disturb` once, before the first chunk at or after `fromByte`. */
export function disturbed(
  protocol: UploadProtocol,
  fromByte: number,
  disturb: (uploadUrl: string, offset: number, file: Blob) => Promise<unknown>,
): UploadProtocol {
  let isOver = false
  onTestFinished(() => {
    expect(isOver, 'it was disturbed').toBe(true)
  })
  return {
    ...protocol,
    append: async (uploadUrl, offset, chunk, file, send) => {
      if (!isOver && offset >= fromByte) {
        isOver = true
        await disturb(uploadUrl, offset, file)
      }
      return await protocol.append(uploadUrl, offset, chunk, file, send)
    },
  }
}

/** A Web Storage whose items a test can inspect. */
export function ownStorage(): Required<Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>> & {
  readonly items: Map<string, string>
} {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      items.set(key, value)
    },
    removeItem: (key) => {
      items.delete(key)
    },
  }
}

/** The upload URLs in a storage. */
export function placesIn({ items }: ReturnType<typeof ownStorage>): string[] {
  const entries: { location: string }[] = Object.values(JSON.parse([...items.values()][0] ?? '{}'))
  return entries.map(({ location }) => location)
}

/** The requests that the server received: each method with the size of its body. */
export async function sentTo(server: Backend): Promise<string[]> {
  const { seen } = await server.stats()
  return seen.filter(({ path }) => path !== DIGEST).map(({ method, body }) => `${method} ${body}`)
}
