import { FASTER_DECODER } from '../../advice.ts'
import { isPromise } from '../../callback.ts'
import { WireError } from '../../errors.ts'

const MAX_PENDING = 1_000
const MAX_PENDING_BYTES = 8 * 1024 * 1024

/** Delivers the results of a decoder in the order of their frames. Without promises it delivers at once. */
export class DecodeQueue<R> {
  readonly #deliver: (result: R) => void
  readonly #fail: (error: unknown) => void
  #tail: Promise<void> | undefined
  /** How many promises are pending, and how many results and bytes wait for one. */
  #promises = 0
  #pending = 0
  #pendingBytes = 0

  constructor(deliver: (result: R) => void, fail: (error: unknown) => void) {
    this.#deliver = deliver
    this.#fail = fail
  }

  /**
   * Fails with kind `overflow` if too many frames wait for their decoder.
   *
   * @param size Returns the size of the frame, in bytes. Called only if the result has to wait.
   */
  push(result: R | PromiseLike<R>, size: () => number): void {
    if (this.#tail === undefined && !isPromise(result)) {
      this.#deliver(result)
      return
    }
    const bytes = size()
    const isPending = isPromise(result)
    if (isPending) this.#promises += 1
    this.#pending += 1
    this.#pendingBytes += bytes
    this.append(async () => {
      this.#deliver(await result)
      if (isPending) this.#promises -= 1
      this.#pending -= 1
      this.#pendingBytes -= bytes
    })
    if (this.#promises === 0 || (this.#pending <= MAX_PENDING && this.#pendingBytes <= MAX_PENDING_BYTES)) return
    const message = `More than ${MAX_PENDING} frames or 8 MiB wait for decode.${FASTER_DECODER}`
    this.#fail(new WireError('overflow', message))
  }

  /** Calls `run` after all results so far were delivered. */
  afterAll(run: () => void): void {
    if (this.#tail === undefined) run()
    else this.append(async () => run())
  }

  /** Runs a step after all results so far were delivered, and before later ones. */
  append(step: () => Promise<void>): void {
    const tail = (this.#tail ?? Promise.resolve()).then(step).catch(this.#fail)
    this.#tail = tail
    tail.then(() => {
      if (this.#tail === tail) this.#tail = undefined
    })
  }
}
