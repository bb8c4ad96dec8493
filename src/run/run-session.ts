import { NEVER } from 'rxjs'
import { after } from '../platform/clock.ts'
import { randomId } from '../platform/globals.ts'
import type { WireSource } from '../store/live-store.ts'
import type { WireCallbacks } from '../store/wire-callbacks.ts'
import type { DehydratedWire, WireStore } from '../store/wire-store.ts'
import { Answer } from './answer.ts'
import type { Run } from './run.ts'
import { loadRun, type RunStorage, saveRun } from './saved-run.ts'

// A page that ends without notice receives what was sent since then again.
const SAVE_EVERY_MS = 1_000

/** What a session is made of. */
export interface SessionOptions<T, D> {
  readonly id: string
  readonly persist: RunStorage | undefined
  /** Whether to attach to an answer that this page has not started. */
  readonly attach: boolean
  /** Creates the store of one answer. */
  readonly createStore: (source: WireSource<T>, dehydrated: DehydratedWire<D> | undefined) => WireStore<D>
  /** Whether saved data can be that of the store. */
  readonly accepts: (data: unknown) => boolean
}

interface Listener {
  readonly listen: (store: WireStore<unknown>) => () => void
  leave: () => void
}

const sessions = new WeakMap<object, Map<string, RunSession<never, never, unknown>>>()

/**
 * The answers of one id, one after the other. All stores of the same run and id share it while it has listeners, and while
 * an answer is running.
 */
export class RunSession<I, T, D> {
  /** The store of the current answer. Each `start` creates one, so its data starts over. */
  store: WireStore<D>

  readonly #run: Run<I, T>
  readonly #options: SessionOptions<T, D>
  readonly #listeners = new Set<Listener>()
  #answer: Answer<I, T> | undefined
  /** The listener that saves the answer. It stays while there is another one. */
  #saver: Listener | undefined
  #cancelSave: (() => void) | undefined

  static of<I, T, D>(run: Run<I, T>, id: string): RunSession<I, T, D> | undefined {
    return sessions.get(run)?.get(id) as RunSession<I, T, D> | undefined
  }

  constructor(run: Run<I, T>, options: SessionOptions<T, D>) {
    this.#run = run
    this.#options = options
    const { id, persist, attach, accepts } = options
    const saved = persist && loadRun(persist, id)
    if (saved !== undefined || attach) this.#answer = this.#createAnswer(saved?.runId ?? id)
    if (saved?.isRunning === false && this.#answer !== undefined) this.#answer.isRunning = false
    const hasData = saved?.data !== undefined && accepts(saved.data)
    this.store = this.#createStore(hasData ? { data: saved.data as D, cursor: saved.cursor } : undefined)
  }

  subscribe(listener: (isOverloaded: boolean) => void, callbacks?: WireCallbacks<never>): () => void {
    this.#register()
    const entry = this.#listen((store) => store.subscribe(listener, callbacks))
    if (this.#options.persist !== undefined)
      this.#saver ??= this.#listen((store) => store.subscribe(() => this.#saveSoon()))
    return () => {
      this.#leave(entry)
      if (this.#listeners.size === 1) this.#leave(this.#saver)
      this.#unregister()
    }
  }

  start(input: I): void {
    const previous = this.store
    this.#answer = this.#createAnswer(randomId(), { input })
    this.#register()
    this.store = this.#createStore()
    for (const entry of this.#listeners) entry.leave()
    previous.stop()
    for (const entry of this.#listeners) entry.leave = entry.listen(this.store)
  }

  async stop(): Promise<void> {
    const stopping = this.#answer?.isRunning ? this.#answer.stop() : undefined
    if (stopping !== undefined) this.store.stop()
    await stopping
  }

  #createAnswer(runId: string, start?: { readonly input: I }): Answer<I, T> {
    return new Answer(this.#run, {
      id: this.#options.id,
      runId,
      start,
      onChange: () => {
        this.#save()
        this.#unregister()
      },
    })
  }

  #createStore(dehydrated?: DehydratedWire<D>): WireStore<D> {
    const answer = this.#answer
    return this.#options.createStore(
      ({ resumeFrom }) => (answer === undefined ? NEVER : answer.connect(resumeFrom)),
      dehydrated,
    )
  }

  #save(): void {
    this.#cancelSave?.()
    this.#cancelSave = undefined
    const { persist, id } = this.#options
    const answer = this.#answer
    if (persist === undefined || answer === undefined) return
    const { isRunning, runId, failure } = answer
    const dehydrated = this.store.dehydrate()
    const cursor = answer.cursor ?? dehydrated.cursor
    // Without a cursor, the rest of a running answer cannot be delivered, but all of it.
    const kept = cursor === undefined && isRunning ? {} : { data: dehydrated.data, cursor }
    // A failure is not kept, and without it the data would look complete.
    saveRun(persist, id, failure === undefined ? { isRunning, runId, ...kept } : undefined)
  }

  #saveSoon(): void {
    if (this.#answer?.isRunning) this.#cancelSave ??= after(SAVE_EVERY_MS, () => this.#save())
  }

  #listen(listen: Listener['listen']): Listener {
    const entry: Listener = { listen, leave: () => {} }
    this.#listeners.add(entry)
    entry.leave = listen(this.store)
    return entry
  }

  #leave(entry: Listener | undefined): void {
    if (entry === undefined || !this.#listeners.delete(entry)) return
    entry.leave()
    if (entry !== this.#saver) return
    this.#saver = undefined
    this.#save()
  }

  #register(): void {
    const ofRun = sessions.get(this.#run) ?? new Map<string, RunSession<never, never, unknown>>()
    sessions.set(this.#run, ofRun)
    ofRun.set(this.#options.id, this as unknown as RunSession<never, never, unknown>)
  }

  /** A running answer is found again when a listener comes back. */
  #unregister(): void {
    if (this.#listeners.size > 0 || this.#answer?.isRunning) return
    if (RunSession.of(this.#run, this.#options.id) === this) sessions.get(this.#run)?.delete(this.#options.id)
  }
}
