import { type ReactNode, useEffect, useState } from 'react'
import { offsetHeaders, tus, type UploadItem } from 'rxwire'
import { useUpload } from 'rxwire/react'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { Figure } from '../panels/figure.tsx'
import type { Lab } from '../panels/lab.ts'
import { UploadRow } from '../panels/upload-row.tsx'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'Resumable upload'
const about =
  'Cut the connections, pause an upload or unplug the network: each upload resumes after the bytes that the server has. Three files, two at a time.'

const FILE_BYTES = 16_000_000
const BYTES_PER_SECOND = 5_000_000
const protocols = {
  tus: { path: '/upload/tus', make: tus, idOf: (uploadUrl: string) => new URL(uploadUrl).pathname.split('/').at(-1) },
  'X-File-Id, X-Start-Byte': {
    path: '/upload/offsets',
    make: offsetHeaders,
    idOf: (uploadUrl: string) => `offsets-${uploadUrl}`,
  },
}
type Protocol = keyof typeof protocols

/** Large files over an unreliable network. */
export function Uploads() {
  const [protocol, setProtocol] = useState<Protocol>('tus')
  const choices = (
    <Choices label="Protocol" choices={Object.keys(protocols) as Protocol[]} chosen={protocol} onChoose={setProtocol} />
  )
  return (
    <WithLab title={title} about={about}>
      {(lab) => (
        <Files key={protocol} lab={lab} protocol={protocol}>
          {choices}
        </Files>
      )}
    </WithLab>
  )
}

function Files({ lab, protocol, children }: { lab: Lab; protocol: Protocol; children: ReactNode }) {
  const { path, make, idOf } = protocols[protocol]
  const { uploads, start, pause, resume, cancel, remove } = useUpload(lab.url(path), {
    protocol: make(),
    concurrency: 2,
    storage: sessionStorage,
  })
  const [isUnplugged, setUnplugged] = useState(false)
  const unplug = async () => {
    await lab.unplug(!isUnplugged)
    setUnplugged(!isUnplugged)
  }
  useEffect(() => {
    lab.slow(BYTES_PER_SECOND)
  }, [lab])

  return (
    <Card title={title} about={about}>
      <section className="switches">
        {children}
        <span className="by-hand">
          <label className="button">
            Choose files
            <input type="file" multiple onChange={({ target }) => start(target.files ?? [])} />
          </label>
          <button type="button" className="primary" onClick={() => start(demoFiles())}>
            Upload three files
          </button>
        </span>
      </section>
      <section>
        <ul className="uploads" aria-label="Uploads">
          {uploads.length === 0 && <li className="blank">Nothing is uploaded yet</li>}
          {uploads.map((item) => (
            <UploadRow key={item.id} name={nameOf(item)} item={item}>
              <Buttons item={item} on={{ pause, resume, cancel, remove }} />
            </UploadRow>
          ))}
        </ul>
      </section>
      <section>
        <Sums uploads={uploads} lab={lab} idOf={idOf} />
      </section>
      <footer>
        <p className="label">Break it</p>
        <div className="switches">
          <button type="button" onClick={() => lab.cut()}>
            Cut the connections
          </button>
          <button type="button" aria-pressed={isUnplugged} onClick={unplug}>
            Unplug the network
          </button>
        </div>
      </footer>
    </Card>
  )
}

type Action = (id: string) => void

function Buttons({
  item: { id, status },
  on,
}: {
  item: UploadItem
  on: Readonly<Record<'pause' | 'resume' | 'cancel' | 'remove', Action>>
}) {
  const isActive = ['queued', 'running', 'waiting'].includes(status)
  const isHalted = status === 'paused' || status === 'failed'
  return (
    <>
      {isActive && <Button label="Pause" onClick={() => on.pause(id)} />}
      {isHalted && <Button label="Resume" onClick={() => on.resume(id)} />}
      {(isActive || isHalted) && <Button label="Cancel" onClick={() => on.cancel(id)} />}
      {!isActive && !isHalted && <Button label="Remove" onClick={() => on.remove(id)} />}
    </>
  )
}

function Button({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick}>
      {label}
    </button>
  )
}

/** The bytes sent, next to the bytes confirmed. */
function Sums({
  uploads,
  lab,
  idOf,
}: {
  uploads: readonly UploadItem[]
  lab: Lab
  idOf: (uploadUrl: string) => string | undefined
}) {
  const [line, setLine] = useState({ askedBytes: 0, cuts: 0 })
  useEffect(() => {
    const timer = setInterval(() => lab.line().then(setLine, () => {}), 250)
    return () => clearInterval(timer)
  }, [lab])
  const equal = useEqual(uploads, lab, idOf)
  const acknowledged = uploads.reduce((sum, { progress }) => sum + (progress?.acknowledged ?? 0), 0)
  return (
    <dl className="figures in-a-row">
      <Figure name="Confirmed by the server" value={megabytes(acknowledged)} />
      <Figure name="Sent over the line" value={megabytes(line.askedBytes)} />
      <Figure name="Connections cut" value={line.cuts} />
      <Figure name="Byte for byte the same" value={`${equal} of ${uploads.length}`} />
    </dl>
  )
}

/** How many finished uploads have the same SHA-256 in the page and on the server. */
function useEqual(uploads: readonly UploadItem[], lab: Lab, idOf: (uploadUrl: string) => string | undefined): number {
  const [equal, setEqual] = useState<ReadonlySet<string>>(new Set())
  const done = uploads.filter(({ status, data }) => status === 'done' && data !== undefined)
  useEffect(() => {
    for (const { id, file, data } of done) {
      if (data === undefined || equal.has(id)) continue
      const compare = async () => {
        const response = await fetch(lab.directUrl('/upload/digest', { id: idOf(data.uploadUrl) ?? '' }))
        const { sha256 } = (await response.json()) as { sha256: string }
        if (sha256 === (await sha256Of(file))) setEqual((before) => new Set([...before, id]))
      }
      compare().catch(() => {})
    }
  }, [done.map(({ id }) => id).join()])
  return equal.size
}

async function sha256Of(file: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Files without a meaningful content. */
function demoFiles(): File[] {
  return ['holiday.mov', 'thesis.pdf', 'backup.zip'].map((name, nth) => {
    const bytes = new Uint8Array(FILE_BYTES).map((_, index) => (index * (nth + 7)) >> 3)
    return new File([bytes], name, { type: 'application/octet-stream' })
  })
}

function nameOf({ file }: UploadItem): string {
  return file instanceof File ? file.name : 'a file'
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
