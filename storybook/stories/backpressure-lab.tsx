import { useEffect, useMemo, useRef, useState } from 'react'
import { createOutbox, fromWebSocket, type Outbox } from 'rxwire'
import { useWire } from 'rxwire/react'
import { BufferGraph, kibibytes } from '../panels/buffer-graph.tsx'
import { Card } from '../panels/card.tsx'
import { Choices } from '../panels/choices.tsx'
import { ConnectionBadge } from '../panels/connection-badge.tsx'
import { Figure } from '../panels/figure.tsx'
import type { Lab } from '../panels/lab.ts'
import { useFrames } from '../panels/use-frames.ts'
import { WithLab } from '../panels/with-lab.tsx'

const title = 'Backpressure'
const about =
  'An endless producer, and a server whose reading speed you choose. The outbox keeps the bufferedAmount of the socket between two marks, and asks the producer for more only while there is room. Memory stays flat with any reader.'

const HIGH_BYTES = 262_144
const LOW_BYTES = 65_536
const CHUNK_BYTES = 16_384
const speeds = { 'as fast as it can': Infinity, '5 MB/s': 5_000_000, '1 MB/s': 1_000_000, 'not at all': 0 }
type Speed = keyof typeof speeds

/** A slow reader does not fill the memory of the sender. */
export function BackpressureLab() {
  return (
    <WithLab title={title} about={about}>
      {(lab) => <SlowReader lab={lab} />}
    </WithLab>
  )
}

function SlowReader({ lab }: { lab: Lab }) {
  const [speed, setSpeed] = useState<Speed>('5 MB/s')
  const [isProducing, setProducing] = useState(true)
  const outbox = useMemo(() => createOutbox<Uint8Array<ArrayBuffer>>(), [])
  const state = useWire(() =>
    fromWebSocket(lab.directUrl('/ws/commands', { slow: 1 }), {
      outgoing: outbox,
      highWaterBytes: HIGH_BYTES,
      lowWaterBytes: LOW_BYTES,
    }),
  )
  const produced = useProducer(outbox, isProducing)
  const peak = useRef(0)
  const received = useReceived(lab)
  const look = () => {
    const { buffered, queued } = outbox.getCounts()
    peak.current = Math.max(peak.current, buffered)
    return { bytes: buffered, isHeld: queued > 0 }
  }
  useEffect(() => {
    lab.readSpeed(speeds[speed])
  }, [lab, speed])

  return (
    <Card title={title} about={about} badge={<ConnectionBadge {...state} />}>
      <section>
        <p className="label">bufferedAmount, the last 12 seconds</p>
        <BufferGraph look={look} highBytes={HIGH_BYTES} lowBytes={LOW_BYTES} />
        <ul className="legend">
          <li>
            <i /> buffered in the socket
          </li>
          <li data-connection="waiting">
            <i /> the producer waits
          </li>
        </ul>
      </section>
      <section>
        <Figures outbox={outbox} produced={produced} received={received} peak={peak} />
      </section>
      <section className="switches">
        <Choices label="The server reads" choices={Object.keys(speeds) as Speed[]} chosen={speed} onChoose={setSpeed} />
        <span className="by-hand">
          <button type="button" onClick={() => setProducing(!isProducing)}>
            {isProducing ? 'Pause the producer' : 'Start the producer'}
          </button>
        </span>
      </section>
    </Card>
  )
}

/** Read in each frame, because no event reports that a buffer drains. */
function Figures({
  outbox,
  produced,
  received,
  peak,
}: {
  outbox: Outbox<Uint8Array<ArrayBuffer>>
  produced: () => number
  received: number
  peak: { readonly current: number }
}) {
  useFrames()
  const { buffered, queued } = outbox.getCounts()
  return (
    <dl className="figures in-a-row">
      <Figure name="Produced" value={megabytes(produced())} />
      <Figure name="Read by the server" value={megabytes(received)} />
      <Figure name="Buffered" value={kibibytes(buffered)} />
      <Figure name="Most ever buffered" value={kibibytes(peak.current)} />
      <Figure name="Waiting in the outbox" value={queued} />
    </dl>
  )
}

/** Feeds an endless source, and counts the bytes that were requested. */
function useProducer(outbox: Outbox<Uint8Array<ArrayBuffer>>, isProducing: boolean): () => number {
  const produced = useRef(0)
  useEffect(() => {
    if (!isProducing) return
    const pause = new AbortController()
    outbox.feed(chunks(produced), { signal: pause.signal }).catch(() => {})
    return () => pause.abort()
  }, [outbox, isProducing])
  return () => produced.current
}

async function* chunks(produced: { current: number }): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (;;) {
    produced.current += CHUNK_BYTES
    yield new Uint8Array(CHUNK_BYTES)
  }
}

function useReceived(lab: Lab): number {
  const [received, setReceived] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => lab.receivedBytes().then(setReceived, () => {}), 250)
    return () => clearInterval(timer)
  }, [lab])
  return received
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
