import fakeTimers, { type Clock } from '@sinonjs/fake-timers'
import { replace } from './page.ts'
import { Turns } from './turns.ts'

/**
 * The timers and clocks that become virtual. Microtasks stay real, because streams settle by them, and so does
 * `setImmediate`, because React renders with it.
 */
const FAKED = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'requestIdleCallback',
  'cancelIdleCallback',
  'Date',
  'performance',
] as const

// A longer delay would end at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Virtual time: the fake timers of the test runner if they are on, otherwise timers of its own. Vitest and Jest use the
 * same package for theirs, so both are one clock here.
 */
export class VirtualClock {
  readonly #activity: () => number
  readonly #isBusy: () => boolean
  readonly #startMs: number
  #own: Clock | undefined
  #restores: (() => void)[] = []
  #isAdvancing = false
  #isTickPending = false

  /**
   * @param startMs What the clock shows when it is installed.
   * @param activity Counts what has happened on the network.
   * @param isBusy Whether the network waits for something that takes no virtual time.
   */
  constructor(startMs: number, activity: () => number, isBusy: () => boolean) {
    this.#startMs = startMs
    this.#activity = activity
    this.#isBusy = isBusy
  }

  /** Starts virtual time, unless the fake timers of the test runner are on. */
  install(): void {
    if (runnerClock() === undefined) this.#installOwn()
    this.#restores.push(replace(AbortSignal, 'timeout', timeoutSignal))
  }

  uninstall(): void {
    for (const restore of this.#restores.splice(0)) restore()
    const own = this.#own
    if (own === undefined) return
    // A scheduled frame would never run, and code that waits for one does not schedule another.
    runFrame(own)
    own.uninstall()
    this.#own = undefined
    ownClock = undefined
  }

  /** How many timers are pending. */
  get timers(): number {
    return this.#running?.countTimers() ?? 0
  }

  /**
   * Moves the time forward, and runs everything that is due, in order. Waits for pending promises in between.
   *
   * @throws The first error that a timer has thrown, after all others have run.
   */
  async advance(ms: number): Promise<void> {
    const clock = this.#required('advance')
    if (this.#isAdvancing) throw new Error('advance() is running already: await it before you call it again.')
    this.#isAdvancing = true
    const turns = new Turns()
    const errors: unknown[] = []
    const run = async (timers: () => void) => {
      try {
        timers()
      } catch (error) {
        errors.push(error)
      }
      await this.#settle(turns)
    }
    try {
      await this.#settle(turns)
      for (let leftMs = ms; leftMs >= 0; leftMs -= MAX_TIMER_MS) {
        let isOver = false
        const end = () => {
          isOver = true
        }
        clock.setTimeout(end, Math.min(leftMs, MAX_TIMER_MS))
        while (!isOver) await run(() => clock.next())
      }
      // Timers that were set during the last millisecond.
      for (let before = -1; before !== this.#activity(); ) {
        before = this.#activity()
        await run(() => clock.tick(0))
      }
    } finally {
      this.#isAdvancing = false
      turns.stop()
    }
    if (errors.length > 0) throw errors[0]
  }

  /** Waits for a promise that may need what takes no time, such as a fake `setImmediate`. */
  async settled(thenable: PromiseLike<void>): Promise<void> {
    let isSettled = false
    // The thenable of React's `act` allows only one `then`.
    const promise = Promise.resolve(thenable).finally(() => {
      isSettled = true
    })
    // Handled below, but not at once.
    promise.catch(() => {})
    const turns = new Turns()
    try {
      for (await turns.next(); !isSettled; await turns.next()) this.#running?.tick(0)
    } finally {
      turns.stop()
    }
    await promise
  }

  /** Moves the time forward without running timers, like a machine that sleeps. They are due later by as much. */
  jump(ms: number): void {
    const clock = this.#required('sleep')
    clock.setSystemTime(clock.now + ms)
  }

  /** Waits until no promise is pending that takes no virtual time. */
  async #settle(turns: Turns): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const before = this.#activity()
      // The fake timers of Jest fake these, too.
      this.#running?.runMicrotasks()
      await turns.next()
      quiet = this.#isBusy() || before !== this.#activity() ? 0 : quiet + 1
    }
  }

  #installOwn(): void {
    const toFake = FAKED.filter((name) => name in globalThis)
    // The timers of now. Those of the time when the module was loaded may have been fake.
    const clock = fakeTimers.withGlobal(globalThis).install({ now: this.#startMs, toFake: [...toFake] })
    this.#own = clock
    ownClock = clock
    const { setTimeout } = globalThis
    // A timer without a delay takes no time, so it does not wait for `advance`: Testing Library and user-event wait for
    // such timers. Without the property `clock`, they do not take these timers for those of Jest.
    const withoutDelay = (run: (...args: unknown[]) => void, delayMs = 0, ...args: unknown[]) => {
      const timer = setTimeout(run, delayMs, ...args)
      if (!(delayMs > 0)) this.#tickSoon(clock)
      return timer
    }
    this.#restores.push(replace(globalThis, 'setTimeout', withoutDelay))
  }

  #tickSoon(clock: Clock): void {
    if (this.#isTickPending) return
    this.#isTickPending = true
    const turns = new Turns()
    turns.next().then(() => {
      turns.stop()
      this.#isTickPending = false
      // `advance` runs them itself.
      if (this.#own === clock && !this.#isAdvancing) clock.tick(0)
    })
  }

  get #running(): Clock | undefined {
    return runnerClock() ?? ownClock
  }

  #required(method: string): Clock {
    const clock = this.#running
    if (clock !== undefined) return clock
    throw new Error(
      `${method}() needs virtual time: call install() of the network first, or turn on the fake timers of Vitest or Jest.`,
    )
  }
}

/** The clock that a network has installed. Other networks of the test share it. */
let ownClock: Clock | undefined

/** The fake timers of the test runner, if they are on. */
function runnerClock(): Clock | undefined {
  return (globalThis.setTimeout as { readonly clock?: Clock }).clock
}

// Hidden pages have no frames. The store of rxwire uses a timer of 250 ms then.
const FRAME_MS = 250

function runFrame(clock: Clock): void {
  try {
    clock.tick(FRAME_MS)
  } catch {
    // The test that has set this timer is over.
  }
}

/** `AbortSignal.timeout` in virtual time. */
function timeoutSignal(ms: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new DOMException('The operation timed out.', 'TimeoutError')), ms)
  return controller.signal
}
