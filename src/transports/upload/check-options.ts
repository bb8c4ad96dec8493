import { isBlob } from '../../host-object.ts'
import { requireTarget } from '../../http/base-url.ts'
import { requireRequestOptions } from '../../http/request.ts'
import { requireFunction, requirePolicyObject, requirePositive } from '../../validate.ts'
import type { UploadOptions } from './options.ts'
import type { UploadProtocol } from './protocol.ts'

/** Throws a TypeError for an invalid url, file or option. */
export function requireUploadOptions(url: unknown, file: unknown, options: UploadOptions): void {
  requireTarget(url, options ?? {})
  if (!isBlob(file)) throw new TypeError('file must be a File or a Blob')
  requireProtocol(options?.protocol)
  requireRequestOptions(options)
  requirePolicyObject('reconnect', options.reconnect)
  if (options.credentials === 'omit' && options.fetch === undefined) {
    throw new TypeError("credentials: 'omit' requires the option fetch, because XHR does not support it")
  }
  requirePositive('chunkBytes', options.chunkBytes)
  requirePositive('stallTimeoutMs', options.stallTimeoutMs)
  requirePositive('rememberForMs', options.rememberForMs)
  requireFunction('fingerprint', options.fingerprint)
  requireStorage(options.storage)
}

function requireProtocol(protocol: Partial<UploadProtocol> | undefined): void {
  const hasMethods = (['create', 'getOffset', 'append'] as const).every(
    (name) => typeof protocol?.[name] === 'function',
  )
  if (!hasMethods || !Array.isArray(protocol?.conflictStatuses)) {
    throw new TypeError('protocol must be an UploadProtocol such as tus()')
  }
}

function requireStorage(storage: UploadOptions['storage']): void {
  if (storage === undefined || storage === false || typeof storage?.getItem === 'function') return
  throw new TypeError('storage must be a storage such as sessionStorage, or false')
}
