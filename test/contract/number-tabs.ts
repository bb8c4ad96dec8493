import { expect } from 'vitest'
import { NumberLog } from './number-log.ts'
import { openTabs, type Tab, type Tabs } from './tabs.ts'

/** What a tab has seen. */
interface Seen {
  readonly first: number
  readonly last: number
  readonly count: number
  /** The first number that did not follow the one before. */
  readonly wrong: string
  readonly gaps: number
  readonly error: string
}

/** A tab of Chromium that reads numbers. */
export interface NumberTab extends Tab {
  readonly name: string
  seen(): Promise<Seen>
}

/** Several tabs of one Chromium that share one connection, and their server. */
export class NumberTabs {
  readonly log = new NumberLog()
  readonly all: NumberTab[] = []
  readonly #options: string
  #tabs: Tabs | undefined
  #opened = 0

  /** @param options Options of `acrossTabs`, as JavaScript. */
  constructor(options = '') {
    this.#options = options
  }

  async start(count: number): Promise<void> {
    this.#tabs = await openTabs(this.log.serve)
    for (let tab = 0; tab < count; tab += 1) await this.open()
  }

  async stop(): Promise<void> {
    this.log.stop()
    await this.#tabs?.close()
  }

  /** Opens an ordinary tab, without a wire. */
  async openIdle(): Promise<Tab> {
    if (this.#tabs === undefined) throw new Error('not started')
    return this.#tabs.open()
  }

  async open(): Promise<NumberTab> {
    const tab = await this.openIdle()
    this.#opened += 1
    const name = `tab ${this.#opened}`
    await tab.run(`
      seen = { first: 0, last: 0, count: 0, wrong: '', gaps: 0, error: '' };
      void rxwire.acrossTabs(
        (start) => rxwire.fromEventSource('/numbers?tab=${name}', { decode: Number, ...start }),
        { key: 'numbers:tenant-1/ada', ${this.#options} },
      ).subscribe({
        next: (event) => {
          if (event.continuity === 'gap') seen.gaps += 1;
          if (event.type !== 'message') return;
          if (seen.count === 0) seen.first = event.data;
          else if (event.data !== seen.last + 1) seen.wrong ||= seen.last + ' then ' + event.data;
          seen.last = event.data;
          seen.count += 1;
        },
        error: (error) => { seen.error = String(error) },
      })`)
    const numberTab = { ...tab, name, seen: () => tab.run<Seen>('seen') }
    this.all.push(numberTab)
    return numberTab
  }

  forget(tab: NumberTab): void {
    this.all.splice(this.all.indexOf(tab), 1)
  }

  /** Waits until one tab has the connection, other than a former one. */
  async leader(former?: NumberTab): Promise<NumberTab> {
    const leader = () => {
      const [name, ...others] = this.log.tabs
      return others.length > 0 ? undefined : this.all.find((tab) => tab !== former && tab.name === name)
    }
    await expect.poll(leader, { timeout: 60_000 }).toBeDefined()
    return leader() ?? this.leader(former)
  }

  /** Waits until a tab has seen everything that was sent before the call. */
  async caughtUp(tab: NumberTab): Promise<void> {
    const { sent } = this.log
    await expect
      .poll(async () => (await tab.seen()).last, { timeout: 60_000, message: tab.name })
      .toBeGreaterThanOrEqual(sent)
    expect(await tab.seen()).toMatchObject({ wrong: '', gaps: 0, error: '' })
  }

  async allCaughtUp(): Promise<void> {
    for (const tab of this.all) await this.caughtUp(tab)
  }
}
