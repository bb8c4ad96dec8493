import type { Lab } from '../../panels/lab.ts'
import { GRACE_MS } from './account.ts'
import { CHAOS_MS, chaosPlan, type FaultName, faultOf } from './faults.ts'

/** A fault as the timeline shows it. */
export interface FaultMark {
  readonly label: string
  readonly fromMs: number
  toMs: number | undefined
}

/** What the buttons show. */
export interface BoardState {
  readonly active: ReadonlySet<FaultName>
  readonly chaos: 'idle' | 'running' | 'settling'
}

/** Starts and ends faults, by hand or by a plan. */
export class FaultBoard {
  readonly marks: FaultMark[] = []
  readonly #lab: Lab
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  readonly #listeners = new Set<() => void>()
  #state: BoardState = { active: new Set(), chaos: 'idle' }
  #healthySinceMs: number | undefined = Date.now()

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /** Since when no fault is active; `undefined` while one is. */
  get healthySinceMs(): number | undefined {
    return this.#healthySinceMs
  }

  getSnapshot = (): BoardState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Starts a fault, or ends one that lasts until it is ended. */
  press(name: FaultName): void {
    if (!this.#state.active.has(name)) this.#start(name)
    else if (faultOf[name].lastsMs === undefined) this.#end(name)
  }

  /** Runs the plan of a seed. Calls back when the last late message had its time to arrive. */
  runChaos(seed: number, names: readonly FaultName[], whenDone: () => void): void {
    if (this.#state.chaos !== 'idle') return
    for (const name of this.#state.active) this.press(name)
    this.#change({ chaos: 'running' })
    for (const { name, atMs, lastsMs } of chaosPlan(seed, names)) {
      this.#later(atMs, () => this.#start(name))
      if (faultOf[name].lastsMs === undefined) this.#later(atMs + lastsMs, () => this.#end(name))
    }
    this.#later(CHAOS_MS, () => this.#change({ chaos: 'settling' }))
    this.#later(CHAOS_MS + GRACE_MS, () => {
      this.#change({ chaos: 'idle' })
      whenDone()
    })
  }

  /** Ends what is active, and the plan. */
  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    for (const name of this.#state.active) this.#finish(name)
    this.#change({ active: new Set(), chaos: 'idle' })
  }

  #start(name: FaultName): void {
    const { label, lastsMs, start } = faultOf[name]
    const mark: FaultMark = { label, fromMs: Date.now(), toMs: undefined }
    this.marks.push(mark)
    start(this.#lab).catch(reportError)
    if (lastsMs === 0) {
      mark.toMs = mark.fromMs
      this.#healthySinceMs = this.#state.active.size === 0 ? mark.fromMs : undefined
      return
    }
    this.#healthySinceMs = undefined
    this.#change({ active: new Set([...this.#state.active, name]) })
    if (lastsMs !== undefined) this.#later(lastsMs, () => this.#end(name))
  }

  #end(name: FaultName): void {
    if (!this.#state.active.has(name)) return
    const active = new Set(this.#state.active)
    active.delete(name)
    this.#finish(name)
    // One proxy has one passage: what still lasts is set again.
    for (const other of active) if (faultOf[other].ending) faultOf[other].start(this.#lab).catch(reportError)
    if (active.size === 0) this.#healthySinceMs = Date.now()
    this.#change({ active })
  }

  #finish(name: FaultName): void {
    const { label, ending } = faultOf[name]
    const mark = this.marks.findLast((each) => each.label === label)
    if (mark !== undefined) mark.toMs = Date.now()
    ending?.end(this.#lab).catch(reportError)
  }

  #later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }

  #change(change: Partial<BoardState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
