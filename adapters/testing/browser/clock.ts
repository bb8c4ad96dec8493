import fakeTimers, { type Clock } from '@sinonjs/fake-timers'

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
    if (running() !== undefined) return
    const toFake = FAKED.filter((name) => name in globalThis)
    // The timers of now. Those of the time when the module was loaded may have been fake.
    this.#own = fakeTimers.withGlobal(globalThis).install({ now: this.#startMs, toFake: [...toFake] })
  }

  uninstall(): void {
    // A scheduled frame would never run, and code that waits for one does not schedule another.
    if (this.#own !== undefined) runFrame(this.#own)
    this.#own?.uninstall()
    this.#own = undefined
  }

  /** How many timers are pending. */
  get timers(): number {
    return running()?.countTimers() ?? 0
  }

  /**
   * Moves the time forward, and runs everything that is due, in order. Waits for pending promises in between.
   *
   * @throws The first error that a timer has thrown, after all others have run.
   */
  async advance(ms: number): Promise<void> {
    const clock = required('advance')
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
      for (await turns.next(); !isSettled; await turns.next()) running()?.tick(0)
    } finally {
      turns.stop()
    }
    await promise
  }

  /** Moves the time forward without running timers, like a machine that sleeps. They are due later by as much. */
  jump(ms: number): void {
    const clock = required('sleep')
    clock.setSystemTime(clock.now + ms)
  }

  /** Waits until no promise is pending that takes no virtual time. */
  async #settle(turns: Turns): Promise<void> {
    for (let quiet = 0; quiet < 2; ) {
      const before = this.#activity()
      // The fake timers of Jest fake these, too.
      running()?.runMicrotasks()
      await turns.next()
      quiet = this.#isBusy() || before !== this.#activity() ? 0 : quiet + 1
    }
  }
}

declare const process: { getBuiltinModule?(name: string): { readonly MessageChannel: typeof MessageChannel } }

/** The jsdom environments of Jest hide the class, but not the module that it comes from. */
function messageChannel(): typeof MessageChannel | undefined {
  if (typeof MessageChannel === 'function') return MessageChannel
  return typeof process === 'object' ? process.getBuiltinModule?.('node:worker_threads').MessageChannel : undefined
}

function running(): Clock | undefined {
  return (globalThis.setTimeout as { readonly clock?: Clock }).clock
}

function required(method: string): Clock {
  const clock = running()
  if (clock === undefined) {
    throw new Error(
      `${method}() needs virtual time: call install() of the network first, or turn on the fake timers of Vitest or Jest.`,
    )
  }
  return clock
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

/** Turns of the real event loop. Fake timers do not fake message channels. */
class Turns {
  #channel: MessageChannel | undefined
  #resolve = () => {}

  constructor() {
    const Channel = messageChannel()
    if (Channel === undefined) return
    this.#channel = new Channel()
    this.#channel.port1.onmessage = () => this.#resolve()
  }

  async next(): Promise<void> {
    const channel = this.#channel
    if (channel === undefined) {
      await required('advance').tickAsync(0)
      return
    }
    await new Promise<void>((resolve) => {
      this.#resolve = resolve
      channel.port2.postMessage(undefined)
    })
  }

  stop(): void {
    this.#channel?.port1.close()
  }
}
