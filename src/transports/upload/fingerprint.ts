import { messageOf, WireError } from '../../errors.ts'
import { type Provider, usable } from '../../http/provider.ts'
import { withoutQuery } from '../../http/shown-url.ts'
import { baseUrl } from '../../platform/origin.ts'
import type { UploadOptions } from './options.ts'

/** What a begun upload is remembered by: the file, the protocol, and where it goes. `undefined`: it cannot be told. */
export async function fingerprintOf(
  url: Provider<string | URL>,
  file: Blob,
  { fingerprint = identityOf, protocol }: UploadOptions,
): Promise<string | undefined> {
  const identity = await identify(fingerprint, file)
  // Of a computed address nobody knows whether it will be the same.
  const endpoint = typeof url === 'function' ? '' : usable('url', () => withoutQuery(new URL(url, baseUrl()).href))
  return identity === undefined ? undefined : JSON.stringify([protocol.name, endpoint, identity])
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

/** What tells a `File` from others; a mere `Blob` has nothing. */
export function identityOf(file: Blob): string | undefined {
  if (typeof File !== 'function' || !(file instanceof File)) return undefined
  return JSON.stringify([file.name, file.type, file.size, file.lastModified])
}
