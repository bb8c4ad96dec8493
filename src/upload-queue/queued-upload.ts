import { Subscription } from 'rxjs'
import type { WireError } from '../errors.ts'
import { isFile } from '../host-object.ts'
import type { Progress } from '../operators/progress.ts'
import { tapProgress } from '../operators/tap-progress.ts'
import { wallClock } from '../platform/clock.ts'
import { completedState, failedState, idleState, reduceWire, type WireState } from '../state.ts'
import type { Uploaded } from '../transports/upload/upload-attempt.ts'
import type { Wire } from '../wire.ts'

/**
 * The status of an upload. `pause` and `cancel` set `paused` and `cancelled`, the queue sets the others. `waiting`: it was
 * running, its connection has failed, and the next attempt is at `retryAt`. It keeps its place in the queue.
 */
export type UploadStatus = 'queued' | 'running' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled'

/** What the callers and the queue have done with an upload. */
type QueueStatus = Exclude<UploadStatus, 'waiting'>

/** One upload of a queue: its status, and the state of its wire. */
export interface UploadItem extends Omit<WireState<Uploaded | undefined>, 'progress' | 'cursor'> {
  readonly id: string
  readonly file: Blob
  /** The name of the file; `undefined` for a `Blob`, which has none. */
  readonly name: string | undefined
  readonly status: UploadStatus
  /** The progress, which never decreases; `undefined` before the upload has started. */
  readonly progress: Progress | undefined
}

const NO_RATE = { bytesPerSecond: undefined, etaMs: undefined, stalled: false } as const

type Change = Partial<{ status: QueueStatus; state: WireState<Uploaded | undefined>; progress: Progress }>

/** Runs and pauses the upload of one file, and describes its state. */
export class QueuedUpload {
  readonly id: string
  readonly #file: Blob
  readonly #upload: Wire<Uploaded>
  readonly #cancellation: Wire<never>
  readonly #onChange: () => void

  #status: QueueStatus = 'queued'
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

  get status(): QueueStatus {
    return this.#status
  }

  /** The current state. The same object until it changes. */
  get item(): UploadItem {
    this.#item ??= this.#toItem()
    return this.#item
  }

  run(): void {
    this.#change({ status: 'running' })
    // Assigned before subscribing, because a listener may stop the upload at the first event.
    const running = new Subscription()
    this.#running = running
    const upload = this.#upload.pipe(tapProgress((next) => this.#updateProgress(next))).subscribe({
      next: (event) =>
        this.#change({ state: reduceWire(this.#state, event, (_, uploaded) => uploaded, undefined, wallClock) }),
      error: (error: WireError) => this.#change({ status: 'failed', state: failedState(this.#state, error) }),
      complete: () => this.#change({ status: 'done', state: completedState(this.#state) }),
    })
    running.add(upload)
  }

  pause(): void {
    this.#stop('paused')
  }

  queue(): void {
    this.#stop('queued')
  }

  /** Does not wait for the server. If the request fails, the upload stays on the server until it expires there. */
  cancel(): void {
    this.#stop('cancelled')
    this.#cancellation.subscribe({ error: () => {} })
  }

  #stop(status: QueueStatus): void {
    this.#running?.unsubscribe()
    this.#change({
      status,
      state: { ...idleState(undefined), error: this.#state.error },
      // A paused upload has no rate, and is not stalled.
      ...(this.#progress !== undefined && { progress: { ...this.#progress, ...NO_RATE } }),
    })
  }

  #change({ status = this.#status, state = this.#state, progress = this.#progress }: Change): void {
    this.#status = status
    this.#state = state
    this.#progress = progress
    this.#item = undefined
    this.#onChange()
  }

  #toItem(): UploadItem {
    const { progress: _, cursor: __, ...state } = this.#state
    const file = this.#file
    const name = isFile(file) ? file.name : undefined
    const status = this.#status === 'running' && state.connection === 'waiting' ? 'waiting' : this.#status
    return { ...state, id: this.id, file, name, status, progress: this.#progress }
  }

  /** A resumed upload starts at the offset of the server, and must not show less progress than before. */
  #updateProgress(next: Progress): void {
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
