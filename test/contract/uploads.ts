import { offsetHeaders, tus, type UploadProtocol } from 'rxwire'
import type { Backend } from '../backend.ts'
import { seededBytes } from '../server/random.ts'

/** A protocol, as the tests try it: where its server is, and by what the server knows an upload. */
export interface UploadCase {
  readonly name: string
  readonly path: string
  readonly protocol: () => UploadProtocol
  readonly idOf: (location: string) => string
}

export const uploadCases: readonly UploadCase[] = [
  {
    name: 'tus',
    path: '/upload/tus',
    protocol: tus,
    idOf: (location) => new URL(location).pathname.split('/').at(-1) ?? '',
  },
  {
    name: 'offsetHeaders',
    path: '/upload/offsets',
    protocol: offsetHeaders,
    idOf: (location) => `offsets-${location}`,
  },
]

/** A file that no other test has. */
export function fileOf(bytes: Uint8Array<ArrayBuffer>, name: string = crypto.randomUUID()): File {
  return new File([bytes], name, { type: 'application/octet-stream', lastModified: 1 })
}

export function seededFile(sizeBytes: number, name?: string): File {
  return fileOf(seededBytes(sizeBytes), name)
}

/** What the server has of an upload. */
export async function digestOf(
  server: Backend,
  { idOf }: UploadCase,
  location: string,
  loseAfterBytes?: number,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const lose = loseAfterBytes !== undefined && { bytes: loseAfterBytes }
  const url = server.url('/upload/digest', { id: idOf(location), ...lose })
  return await (await fetch(url, { method: lose === false ? 'GET' : 'POST' })).json()
}
