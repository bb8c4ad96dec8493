// Host objects are recognised by their tag (Object.prototype.toString). `instanceof` fails for objects from an iframe,
// which has its own classes, and throws for classes that a host lacks.

export function isUrl(value: unknown): value is URL {
  return tagOf(value) === 'URL'
}

export function isSearchParams(value: unknown): value is URLSearchParams {
  return tagOf(value) === 'URLSearchParams'
}

export function isFormData(value: unknown): value is FormData {
  return tagOf(value) === 'FormData'
}

/** Also `true` for a `File`. */
export function isBlob(value: unknown): value is Blob {
  const tag = tagOf(value)
  return tag === 'Blob' || tag === 'File'
}

export function isFile(value: unknown): value is File {
  return tagOf(value) === 'File'
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === 'ArrayBuffer'
}

export function isStream(value: unknown): value is ReadableStream {
  return tagOf(value) === 'ReadableStream'
}

function tagOf(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  // Some classes of happy-dom have no tag.
  return tag === 'Object' ? Object(value).constructor?.name : tag
}
