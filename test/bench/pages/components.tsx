import { type FunctionComponent, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { useWebSocket as useReactUseWebSocket } from 'react-use-websocket/dist/lib/use-websocket.js'
import { useWebSocket } from 'rxwire/react'
import { type Frames, watchFrames } from './frames.ts'
import { offer } from './perform.ts'

export interface Order {
  readonly who: string
  readonly url: string
  readonly components: number
  /** How many numbers the server sends, from 1 on. Each belongs to one component, in turn. */
  readonly messages: number
}

export interface Outcome extends Frames {
  /** Whether each component shows its last number. */
  readonly isRight: boolean
  /** How often components rendered, without their first render. */
  readonly renders: number
  readonly wallMs: number
}

/** A hook that returns the number of one row. */
type UseNumber = (row: number) => number

const contenders: Readonly<Record<string, (order: Order) => UseNumber>> = {
  rxwire: ({ url, components }) => {
    const initial: readonly number[] = Array.from({ length: components }, () => 0)
    const fold = (numbers: readonly number[], n: number) => numbers.with(rowOf(n, components), n)
    return (row) =>
      useWebSocket(url, { key: 'rows', decode: Number, initial, fold, select: (numbers) => numbers[row] ?? 0 }).data
  },
  'react-use-websocket':
    ({ url, components }) =>
    (row) => {
      const filter = ({ data }: MessageEvent<string>) => rowOf(Number(data), components) === row
      return Number(useReactUseWebSocket(url, { share: true, filter }).lastMessage?.data ?? 0)
    },
}

function rowOf(n: number, components: number): number {
  return (n - 1) % components
}

offer<Order, Outcome>(async (order) => {
  const { components, messages } = order
  const useNumber = contenders[order.who]?.(order)
  if (useNumber === undefined) throw new Error(`Unknown contender: ${order.who}`)
  const rows = [...Array(components).keys()]
  const main = document.querySelector('main') ?? document.body
  const read = watchFrames()
  const startedAtMs = performance.now()
  let renders = -components
  await new Promise<void>((resolve) => {
    const Row: FunctionComponent<{ readonly row: number }> = ({ row }) => {
      const n = useNumber(row)
      renders += 1
      useEffect(() => {
        if (n === messages) resolve()
      }, [n])
      return <output>{n}</output>
    }
    createRoot(main).render(rows.map((row) => <Row key={row} row={row} />))
  })
  const wallMs = performance.now() - startedAtMs
  const shown = Array.from(main.children, ({ textContent }) => Number(textContent))
  const newest = rows.map((row) => messages - rowOf(messages - row, components))
  return { ...read(), isRight: String(shown) === String(newest), renders, wallMs }
})
