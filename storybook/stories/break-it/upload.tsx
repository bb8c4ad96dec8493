import { type ComponentType, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { TransferBar } from '../../panels/progress-bar.tsx'
import { useFile as usePlainFile } from './code/upload.plain.ts'
import { useFile } from './code/upload.rxwire.ts'
import { type SideProps, useStatus } from './side.ts'
import { whyOf } from './why.ts'

const FILE_BYTES = 12_000_000
const BYTES_PER_SECOND = 1_500_000
const PAUSE_MS = 1_500
const COUNT_EVERY_MS = 500
const PLAIN = '/upload/plain'
const TUS = '/upload/tus'

interface FileProps extends SideProps {
  readonly file: File
  readonly onEnd: () => void
}

export function PlainUpload(props: SideProps) {
  useDuplicates(props, PLAIN)
  return <Files {...props} Upload={PlainFile} />
}

export function RxwireUpload(props: SideProps) {
  useDuplicates(props, TUS)
  return <Files {...props} Upload={RxwireFile} />
}

/** Uploads one file after the other over a slow network. */
function Files({ Upload, ...props }: SideProps & { Upload: ComponentType<FileProps> }) {
  const [nth, setNth] = useState(1)
  const file = useMemo(() => new File([new Uint8Array(FILE_BYTES).fill(nth)], `video-${nth}.mp4`), [nth])
  const onEnd = useCallback(() => setNth((before) => before + 1), [])
  useEffect(() => {
    props.lab.slow(BYTES_PER_SECOND).catch(reportError)
  }, [props.lab])
  return <Upload key={nth} {...props} file={file} onEnd={onEnd} />
}

function PlainFile(props: FileProps) {
  const { connection, sent, confirmed } = usePlainFile(props.lab.url(PLAIN), props.lab.token, props.file)
  useStatus(props.side, connection, plainWhy[connection])
  return <FileRow {...props} connection={connection} sent={sent} confirmed={confirmed} />
}

const plainWhy: Readonly<Record<string, string>> = {
  waiting: 'starts again with the first byte',
  failed: 'gave up after five attempts',
}

function RxwireFile(props: FileProps) {
  const upload = useFile(props.lab.url(TUS), props.lab.token, props.file)
  const { connection = 'idle', progress, parked, error } = upload ?? {}
  useStatus(props.side, connection, whyOf({ connection, parked, error }))
  return (
    <FileRow
      {...props}
      connection={upload?.status === 'done' ? 'closed' : connection}
      sent={progress?.loaded ?? 0}
      confirmed={progress?.acknowledged ?? 0}
    />
  )
}

function FileRow({
  side,
  file,
  connection,
  sent,
  confirmed,
  onEnd,
}: FileProps & { connection: string; sent: number; confirmed: number }) {
  const before = useRef({ sent: 0, confirmed: 0 })
  useEffect(() => {
    const { received = 0, lost = 0, duplicates = 0 } = side.counted ?? {}
    side.counted = {
      received: received + Math.max(0, confirmed - before.current.confirmed),
      lost: lost + (connection === 'failed' ? file.size : 0),
      duplicates,
    }
    if (sent > before.current.sent) side.mark()
    before.current = { sent, confirmed }
  }, [side, file, connection, sent, confirmed])
  useEffect(() => {
    if (connection !== 'closed' && connection !== 'failed') return
    const timer = setTimeout(onEnd, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [connection, onEnd])
  return (
    <div className="upload">
      <strong>{file.name}</strong>
      <TransferBar label={file.name} sent={sent} confirmed={confirmed} total={file.size} />
    </div>
  )
}

/** Asks the server how many bytes it has read. Those that it did not keep have to be sent again. */
function useDuplicates({ lab, side }: SideProps, path: string): void {
  useEffect(() => {
    const timer = setInterval(async () => {
      const uploaded = (await lab.uploadedBytes())[path] ?? 0
      const { received = 0, lost = 0 } = side.counted ?? {}
      side.counted = { received, lost, duplicates: Math.max(0, uploaded - received) }
    }, COUNT_EVERY_MS)
    return () => clearInterval(timer)
  }, [lab, side, path])
}
