import { messageOf, WireError } from '../../errors.ts'
import { isFile } from '../../host-object.ts'
import { withQuery } from '../../http/request.ts'
import { baseUrl } from '../../platform/globals.ts'
import { type Provider, parseOrFail } from '../../provider.ts'
import type { UploadOptions } from './options.ts'

/**
 * What a begun upload is remembered by: the protocol, and what the caller says, or else the file and where it goes.
 * `undefined`: it cannot be told. Of an address that is computed, nobody knows whether it will be the same.
 */
export async function fingerprintOf(
  url: Provider<string | URL>,
  file: Blob,
  { fingerprint, protocol, query }: UploadOptions,
): Promise<string | undefined> {
  const name = fingerprint === undefined ? nameOf(url, file, query) : await identify(fingerprint, file)
  return name === undefined ? undefined : JSON.stringify([protocol.name, name])
}

/** What a file is called that goes to an address; nothing for what cannot be told from others. */
export function nameOf(url: Provider<string | URL>, file: Blob, query: UploadOptions['query']): string | undefined {
  if (!isFile(file) || typeof url === 'function') return undefined
  const { origin, pathname, search } = parseOrFail('url', () => withQuery(new URL(url, baseUrl()), query))
  // What a query says makes another upload of it, and may be a secret.
  return JSON.stringify([origin + pathname, shortName(search), file.name, file.type, file.size, file.lastModified])
}

async function identify(
  fingerprint: NonNullable<UploadOptions['fingerprint']>,
  file: Blob,
): Promise<string | undefined> {
  try {
    return await fingerprint(file)
  } catch (cause) {
    throw new WireError('network', `The fingerprint of the file could not be taken: ${messageOf(cause)}`, { cause })
  }
}

/** A number that stands for a text which must be told from others, and need not be kept (FNV-1a, 32 bits). */
export function shortName(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}
