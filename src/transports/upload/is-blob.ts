/** Whether a value is a `Blob` or a `File`, also one of another page, such as a frame's. */
export function isBlob(value: unknown): value is Blob {
  return ['[object Blob]', '[object File]'].includes(Object.prototype.toString.call(value))
}

/** Whether it is a `File`, which has a name and a date. */
export function isFile(value: Blob): value is File {
  return Object.prototype.toString.call(value) === '[object File]'
}
