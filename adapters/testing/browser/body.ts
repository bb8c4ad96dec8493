import { concat, encode } from '../connection/bytes.ts'

/** The bytes of a body, and the content type that it implies. */
export interface BodyBytes {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type?: string
}

const NO_BYTES = new Uint8Array()

/** Reads what a host accepts as a body. Objects of another realm are recognized, too: jsdom has classes of its own. */
export function readBody(body: unknown): BodyBytes | Promise<BodyBytes> {
  if (body === undefined || body === null) return { bytes: NO_BYTES }
  if (isArrayBuffer(body)) return { bytes: new Uint8Array(body.slice(0)) }
  if (ArrayBuffer.isView(body)) {
    return { bytes: new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice() as Uint8Array<ArrayBuffer> }
  }
  if (isBlob(body)) return readBlob(body).then((bytes) => ({ bytes, ...(body.type !== '' && { type: body.type }) }))
  switch (classOf(body)) {
    case 'FormData':
      return readForm(body as FormData)
    case 'URLSearchParams':
      return { bytes: encode(String(body)), type: 'application/x-www-form-urlencoded;charset=UTF-8' }
    case 'ReadableStream':
      return readStream(body as ReadableStream<Uint8Array>)
    default:
      return { bytes: encode(String(body)), type: 'text/plain;charset=UTF-8' }
  }
}

export function isBlob(value: unknown): value is Blob {
  return ['Blob', 'File'].includes(classOf(value))
}

/** The name of a host class. jsdom and happy-dom have classes of their own, and not all of them have a tag. */
function classOf(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1)
  return tag === 'Object' ? (Object(value) as object).constructor?.name : tag
}

export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return classOf(value) === 'ArrayBuffer'
}

/** jsdom has no `arrayBuffer` in some versions. */
export async function readBlob(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof blob.arrayBuffer === 'function') return new Uint8Array(await blob.arrayBuffer())
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(new Uint8Array(reader.result as ArrayBuffer))
    reader.onerror = () => reject(reader.error)
    reader.readAsArrayBuffer(blob)
  })
}

async function readStream(stream: ReadableStream<Uint8Array>): Promise<BodyBytes> {
  const pieces: Uint8Array[] = []
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { bytes: concat(pieces) }
    pieces.push(value)
  }
}

/** [spec] RFC 7578: a form with files. */
async function readForm(form: FormData): Promise<BodyBytes> {
  const boundary = 'rxwire-testing-boundary'
  const pieces: Uint8Array[] = []
  for (const [name, value] of form.entries()) {
    const file = isBlob(value) ? value : undefined
    const quoted = (text: string) => `"${text.replaceAll('"', '%22').replaceAll('\r\n', '%0D%0A')}"`
    const filename = file === undefined ? '' : `; filename=${quoted(file.name)}`
    const type = file === undefined ? '' : `\r\ncontent-type: ${file.type || 'application/octet-stream'}`
    pieces.push(
      encode(`--${boundary}\r\ncontent-disposition: form-data; name=${quoted(name)}${filename}${type}\r\n\r\n`),
    )
    pieces.push(file === undefined ? encode(String(value)) : await readBlob(file), encode('\r\n'))
  }
  pieces.push(encode(`--${boundary}--\r\n`))
  return { bytes: concat(pieces), type: `multipart/form-data; boundary=${boundary}` }
}
