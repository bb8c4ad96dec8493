import { parseAddress } from '../../address.ts'
import { callAsync, isText } from '../../callback.ts'
import { isFile } from '../../host-object.ts'
import { baseOf } from '../../http/base-url.ts'
import { withQuery } from '../../http/request.ts'
import { type Provider, parseOrFail } from '../../provider.ts'
import type { UploadOptions } from './options.ts'

/**
 * Returns the key under which an upload is stored: the name of the protocol, plus the fingerprint of the caller or the
 * default one. `undefined`: the upload cannot be recognized and is not stored.
 */
export async function fingerprintOf(
  url: Provider<string | URL>,
  file: Blob,
  { fingerprint, protocol, ...options }: UploadOptions,
): Promise<string | undefined> {
  const key =
    fingerprint === undefined ? defaultFingerprint(url, file, options) : await customFingerprint(fingerprint, file)
  return key === undefined ? undefined : JSON.stringify([protocol.name, key])
}

/**
 * Returns the fingerprint of a file that is uploaded to a fixed URL. `undefined` for a `Blob`, which has no name, and
 * for a URL that is a function, because a later call may return another one.
 */
export function defaultFingerprint(
  url: Provider<string | URL>,
  file: Blob,
  options: Pick<UploadOptions, 'baseUrl' | 'query'>,
): string | undefined {
  if (!isFile(file) || typeof url === 'function') return undefined
  const { origin, pathname, search } = parseOrFail('url', () =>
    withQuery(parseAddress('url', url, baseOf(options)), options.query),
  )
  // Another query means another upload. It may contain a secret, so only its hash is stored.
  return JSON.stringify([origin + pathname, hashOf(search), file.name, file.type, file.size, file.lastModified])
}

async function customFingerprint(
  fingerprint: NonNullable<UploadOptions['fingerprint']>,
  file: Blob,
): Promise<string | undefined> {
  const identify = async () => (await fingerprint(file)) ?? undefined
  // Files with the same key would continue each other's upload.
  return callAsync('fingerprint', identify, 'a text', (key) => key === undefined || isText(key))
}

/** Returns a 32-bit FNV-1a hash in base 36. Not cryptographic: it only distinguishes texts. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0).toString(36)
}
