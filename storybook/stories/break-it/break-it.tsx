import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import type { Lab } from '../../panels/lab.ts'
import { Tabs } from '../../panels/tabs.tsx'
import { WithLab } from '../../panels/with-lab.tsx'
import { hasServer } from '../../stand-in/has-server.ts'
import { Recording } from '../../stand-in/recording.tsx'
import { addressOf } from './address.ts'
import { CodeDrawer } from './code-drawer.tsx'
import { Column } from './column.tsx'
import { FaultBar } from './fault-bar.tsx'
import { FaultBoard } from './fault-board.ts'
import { parseFaults } from './faults.ts'
import { Lanes } from './lanes.tsx'
import { type Result, ResultCard } from './result-card.tsx'
import { scenarios, type TabName, tabNames } from './scenarios.ts'
import { Side } from './side.ts'

const PLAIN = 'Plain browser code'
const RXWIRE = 'rxwire'
const title = 'Break it'
const about = 'The same network for plain browser code and for rxwire. Press a fault, or run the chaos.'

/** What the address of the story may contain. */
export interface BreakItProps {
  readonly tab?: TabName
  /** Runs the chaos of this seed at once. */
  readonly seed?: number | undefined
  /** The faults of the chaos, separated by dashes. Default: all. */
  readonly faults?: string
  readonly storyId?: string
}

/** Plain browser code and rxwire on one network, which anyone may break. */
export function BreakIt({ tab: firstTab = 'Live feed', ...rest }: BreakItProps) {
  const [tab, setTab] = useState(firstTab)
  const isMissing = !hasServer && 'needsServer' in scenarios[tab]
  return (
    <div className="break-it">
      <h1>{title}</h1>
      <Tabs
        label="What is broken"
        tabs={tabNames}
        shown={tab}
        onShow={setTab}
        aside={<p className="quiet about">{scenarios[tab].about}</p>}
      >
        {isMissing ? (
          <Recording of={`break-it-${tab.toLowerCase()}`} />
        ) : (
          <WithLab key={tab} title={title} about={about}>
            {(lab) => <Run lab={lab} tab={tab} {...rest} />}
          </WithLab>
        )}
      </Tabs>
    </div>
  )
}

/** What one run needs. Another tab is another run. */
type RunProps = Omit<BreakItProps, 'tab'> & { readonly lab: Lab; readonly tab: TabName }

function Run({ lab, tab, seed, faults = '', storyId = '' }: RunProps) {
  const { Plain, Rxwire, code, format } = scenarios[tab]
  const plain = useMemo(() => new Side(), [])
  const rxwire = useMemo(() => new Side(), [])
  const startedAtMs = useMemo(() => Date.now(), [])
  const lanes = useMemo(
    () => [
      { name: 'plain', title: PLAIN, side: plain },
      { name: 'rxwire', title: RXWIRE, side: rxwire },
    ],
    [plain, rxwire],
  )
  const board = useBoard(lab)
  const { active, chaos } = useSyncExternalStore(board.subscribe, board.getSnapshot)
  const [result, setResult] = useState<Result>()
  const names = useMemo(() => parseFaults(faults), [faults])

  const runChaos = useCallback(
    (chosen: number) => {
      setResult(undefined)
      const before = lanes.map(({ side }) => side.counts(undefined))
      board.runChaos(chosen, names, () => {
        const rows = lanes.map(({ title: name, side }, index) => ({
          name,
          counts: difference(side.counts(board.healthySinceMs), before[index]),
        }))
        setResult({ seed: chosen, faults: names, rows })
      })
    },
    [board, lanes, names],
  )
  const hasRun = useRef(false)
  useEffect(() => {
    if (seed === undefined || hasRun.current) return
    hasRun.current = true
    runChaos(seed)
  }, [seed, runChaos])

  return (
    <>
      <div className="pair">
        <Column name={PLAIN} side={plain} board={board} format={format}>
          <Plain lab={lab} side={plain} other={rxwire} />
        </Column>
        <Column name={RXWIRE} side={rxwire} board={board} format={format}>
          <Rxwire lab={lab} side={rxwire} other={plain} />
        </Column>
      </div>
      <FaultBar
        active={active}
        chaos={chaos}
        onPress={(name) => board.press(name)}
        onChaos={() => runChaos(Math.floor(Math.random() * 100_000))}
      />
      <Lanes startedAtMs={startedAtMs} lanes={lanes} marks={board.marks} />
      <CodeDrawer code={code} />
      {result !== undefined && (
        <ResultCard
          result={result}
          link={addressOf(storyId, tab, result.seed, result.faults)}
          format={format}
          onClose={() => setResult(undefined)}
        />
      )}
    </>
  )
}

function useBoard(lab: Lab): FaultBoard {
  const board = useMemo(() => new FaultBoard(lab), [lab])
  useEffect(() => () => board.dispose(), [board])
  return board
}

type AllCounts = ReturnType<Side['counts']>

function difference(after: AllCounts, before: AllCounts | undefined): AllCounts {
  const { received = 0, lost = 0, duplicates = 0 } = before ?? {}
  return {
    received: after.received - received,
    lost: after.lost - lost,
    duplicates: after.duplicates - duplicates,
  }
}
