import { memo, useEffect, useReducer, useState, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { useWebSocket as useReactUseWebSocket } from 'react-use-websocket/dist/lib/use-websocket.js'
import { useWebSocket } from 'rxwire/react'
import { type Frames, watchFrames } from './frames.ts'
import { offer } from './perform.ts'

export interface Order {
  readonly who: string
  readonly url: string
  /** How many numbers the server sends, from 1 on. */
  readonly messages: number
}

export interface Outcome extends Frames {
  /** How long each key press waited for its listener, in milliseconds. */
  readonly delaysMs: readonly number[]
  readonly longestTaskMs: number
  readonly watchedMs: number
  /** Until the last message was in the table. */
  readonly wallMs: number
}

const ROWS = 500
const POINTS = 200

/** The prices of all rows and the last points of the chart. It is changed in place, and `version` counts the changes. */
interface Board {
  readonly prices: number[]
  readonly points: number[]
  readonly version: number
}

const emptyBoard = (): Board => ({ prices: Array(ROWS).fill(0), points: [], version: 0 })

function addPrice(board: Board, text: string): Board {
  const price = Number(text)
  board.prices[price % ROWS] = price
  board.points.push(price % 997)
  if (board.points.length > POINTS) board.points.shift()
  return { ...board, version: price }
}

const Row = memo(function Row({ name, price }: { readonly name: number; readonly price: number }) {
  return (
    <tr>
      <td>{name}</td>
      <td>{price.toFixed(2)}</td>
      <td>{((price % 100) / 100).toFixed(2)} %</td>
      <td>{price % 2 === 0 ? '▲' : '▼'}</td>
    </tr>
  )
})

/** What all contenders show: a table and a chart. */
function Dashboard({ board }: { readonly board: Board }) {
  return (
    <>
      <svg viewBox="0 0 200 1000" width="600" height="100">
        <title>The last prices</title>
        <polyline points={board.points.map((y, x) => `${x},${y}`).join(' ')} fill="none" stroke="black" />
      </svg>
      <table>
        <tbody>
          {board.prices.map((price, name) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: The rows are fixed.
            <Row key={name} name={name} price={price} />
          ))}
        </tbody>
      </table>
    </>
  )
}

/** Opens a socket in an effect. */
function useSocket(url: string, onText: (text: string) => void): void {
  useEffect(() => {
    const socket = new WebSocket(url)
    socket.onmessage = ({ data }) => onText(data)
    return () => socket.close()
  }, [url])
}

/** A store that notifies React of each message. */
const store = { board: emptyBoard(), listeners: new Set<() => void>() }

const contenders: Readonly<Record<string, (url: string) => Board>> = {
  rxwire: (url) => useWebSocket(url, { decode: String, initial: emptyBoard(), fold: addPrice }).data,
  'react-use-websocket': (url) => {
    const text = useReactUseWebSocket(url).lastMessage?.data
    const [board] = useState(emptyBoard)
    return text === undefined ? board : addPrice(board, text)
  },
  'a setState per message': (url) => {
    const [board, add] = useReducer(addPrice, undefined, emptyBoard)
    useSocket(url, add)
    return board
  },
  'a useSyncExternalStore per message': (url) => {
    useSocket(url, (text) => {
      store.board = addPrice(store.board, text)
      for (const listener of store.listeners) listener()
    })
    return useSyncExternalStore(
      (listener) => {
        store.listeners.add(listener)
        return () => store.listeners.delete(listener)
      },
      () => store.board,
    )
  },
}

// A contender that has not shown the last message by then is reported as never.
const LIMIT_MS = 15_000

offer<Order, Outcome>(async ({ who, url, messages }) => {
  const useBoard = contenders[who] ?? (() => emptyBoard())
  const root = createRoot(document.querySelector('main') ?? document.body)
  // The first rows are mounted before the clock starts: all contenders mount the same.
  await new Promise<void>((resolve) => {
    function Mounted() {
      useEffect(() => void requestAnimationFrame(() => setTimeout(resolve, 200)), [])
      return <Dashboard board={emptyBoard()} />
    }
    root.render(<Mounted />)
  })
  const delaysMs: number[] = []
  addEventListener('keydown', ({ timeStamp }) => delaysMs.push(performance.now() - timeStamp))
  let longestTaskMs = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  }).observe({ type: 'longtask' })
  const read = watchFrames()
  const startedAtMs = performance.now()
  const isDone = await new Promise<boolean>((resolve) => {
    setTimeout(resolve, LIMIT_MS, false)
    function Contender() {
      const board = useBoard(url)
      useEffect(() => {
        if (board.version >= messages) resolve(true)
      }, [board.version])
      return <Dashboard board={board} />
    }
    root.render(<Contender />)
  })
  const watchedMs = performance.now() - startedAtMs
  return { ...read(), delaysMs, longestTaskMs, watchedMs, wallMs: isDone ? watchedMs : Number.POSITIVE_INFINITY }
})
