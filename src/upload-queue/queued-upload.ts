import { Subscription } from 'rxjs'
import type { WireError } from '../errors.ts'
import type { Progress } from '../operators/progress.ts'
import { tapProgress } from '../operators/tap-progress.ts'
import { now } from '../platform/clock.ts'
import { completedState, failedState, idleState, reduceWire, type WireState } from '../state.ts'
import type { Uploaded } from '../transports/upload/upload-attempt.ts'
import type { Wire } from '../wire.ts'

/** What is meant to become of a file: `paused` and `cancelled` are a person's doing, the others the queue's. */
export type UploadStatus = 'queued' | 'running' | 'paused' | 'done' | 'failed' | 'cancelled'

/** One file of an upload queue: what is meant to become of it, and how its wire is. */
export interface UploadItem extends Omit<WireState<Uploaded | undefined>, 'progress' | 'cursor'> {
  readonly id: string
  readonly file: Blob
  readonly status: UploadStatus
  /** How far it has come, which never goes back; `undefined` before it has begun. */
  readonly progress: Progress | undefined
}

const STANDING = { bytesPerSecond: undefined, etaMs: undefined, stalled: false } as const

type Change = Partial<{ status: UploadStatus; state: WireState<Uploaded | undefined>; progress: Progress }>

/** Runs one file's upload, pauses it, and shows how it is. */
export class QueuedUpload {
  readonly id: string
  readonly #file: Blob
  readonly #upload: Wire<Uploaded>
  readonly #cancellation: Wire<never>
  readonly #onChange: () => void

  #status: UploadStatus = 'queued'
  #state: WireState<Uploaded | undefined> = idleState(undefined)
  #progress: Progress | undefined
  #running: Subscription | undefined
  #item: UploadItem | undefined

  constructor(id: string, file: Blob, upload: Wire<Uploaded>, cancellation: Wire<never>, onChange: () => void) {
    this.id = id
    this.#file = file
    this.#upload = upload
    this.#cancellation = cancellation
    this.#onChange = onChange
  }

  get status(): UploadStatus {
    return this.#status
  }

  /** How it is now: the same object until something changes. */
  get item(): UploadItem {
    this.#item ??= this.#show()
    return this.#item
  }

  run(): void {
    this.#change({ status: 'running' })
    // There before anything happens: whoever is called meanwhile may stop it.
    const running = new Subscription()
    this.#running = running
    const upload = this.#upload.pipe(tapProgress((next) => this.#measure(next))).subscribe({
      next: (event) => this.#change({ state: reduceWire(this.#state, event, (_, uploaded) => uploaded, now) }),
      error: (error: WireError) => this.#change({ status: 'failed', state: failedState(this.#state, error) }),
      complete: () => this.#change({ status: 'done', state: completedState(this.#state) }),
    })
    running.add(upload)
  }

  pause(): void {
    this.#leave('paused')
  }

  queue(): void {
    this.#leave('queued')
  }

  /** Nobody waits for the server to have forgotten it: what it is not told, it finds out by itself some day. */
  cancel(): void {
    this.#leave('cancelled')
    this.#cancellation.subscribe({ error: () => {} })
  }

  #leave(status: UploadStatus): void {
    this.#running?.unsubscribe()
    this.#change({
      status,
      state: { ...idleState(undefined), error: this.#state.error },
      // What stands still has no rate, and is not stalled either.
      ...(this.#progress !== undefined && { progress: { ...this.#progress, ...STANDING } }),
    })
  }

  #change({ status = this.#status, state = this.#state, progress = this.#progress }: Change): void {
    this.#status = status
    this.#state = state
    this.#progress = progress
    this.#item = undefined
    this.#onChange()
  }

  #show(): UploadItem {
    const { progress: _, cursor: __, ...state } = this.#state
    return { ...state, id: this.id, file: this.#file, status: this.#status, progress: this.#progress }
  }

  /** What goes on after a pause begins at what the server has, and catches up. */
  #measure(next: Progress): void {
    const { loaded = 0, fraction = 0 } = this.#progress ?? {}
    this.#change({
      progress: {
        ...next,
        loaded: Math.max(loaded, next.loaded),
        fraction: next.fraction === undefined ? undefined : Math.max(fraction, next.fraction),
      },
    })
  }
}
