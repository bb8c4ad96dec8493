import { lastValueFrom } from 'rxjs'
import { fromUpload, messages, tus } from 'rxwire'
import { Upload } from 'tus-js-client'
import { offer } from './perform.ts'

export interface Order {
  readonly who: string
  readonly url: string
  readonly bytes: number
}

export interface Outcome {
  /** The url of the stored upload. */
  readonly location: string
  readonly wallMs: number
}

const MIB = 1024 * 1024

/** Uploads a file and resolves with the url of the stored upload. */
type SendFile = (url: string, file: Blob) => Promise<string>

const contenders: Readonly<Record<string, SendFile>> = {
  rxwire: async (url, file) => {
    const { uploadUrl } = await lastValueFrom(fromUpload(url, file, { protocol: tus() }).pipe(messages()))
    return uploadUrl
  },
  'tus-js-client': (endpoint, file) =>
    new Promise((resolve, reject) => {
      const upload = new Upload(file, { endpoint, onSuccess: () => resolve(upload.url ?? ''), onError: reject })
      upload.start()
    }),
  'raw XHR': async (url, file) => {
    const version = { 'tus-resumable': '1.0.0' }
    const created = await request('POST', url, { ...version, 'upload-length': String(file.size) })
    const location = created.getResponseHeader('location') ?? ''
    const piece = { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }
    await request('PATCH', location, { ...version, ...piece }, file)
    return location
  },
}

function request(method: string, url: string, headers: Record<string, string>, body?: Blob): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.open(method, url)
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
    xhr.onload = () => resolve(xhr)
    xhr.onerror = () => reject(new Error(`${method} ${url} failed.`))
    xhr.send(body)
  })
}

offer<Order, Outcome>(async ({ who, url, bytes }) => {
  const send = contenders[who]
  if (send === undefined) throw new Error(`Unknown contender: ${who}`)
  const file = await randomFile(bytes)
  const startedAtMs = performance.now()
  const location = await send(url, file)
  return { location, wallMs: performance.now() - startedAtMs }
})

/** Creates a file, and waits until the browser has stored it, so that this is not measured. */
async function randomFile(bytes: number): Promise<Blob> {
  const part = new Uint8Array(MIB)
  for (let at = 0; at < MIB; at += 65_536) crypto.getRandomValues(part.subarray(at, at + 65_536))
  const file = new Blob(Array.from({ length: bytes / MIB }, () => part))
  await file.slice(-1).arrayBuffer()
  return file
}
