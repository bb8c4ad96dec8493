/** A minimal page. There is one for all tests of a file, because wires share the listeners of their page. */
interface Stage {
  readonly host: EventTarget
  readonly document: EventTarget
}

let stage: Stage | undefined

/** The page of the host, or a minimal one on a host without a page. */
export class FakePage {
  readonly #restores: (() => void)[] = []
  #listeners = 0

  /** How many listeners for changes of the page and the network are registered. */
  get listeners(): number {
    return this.#listeners
  }

  get isInstalled(): boolean {
    return this.#restores.length > 0
  }

  install(): void {
    if (typeof document === 'undefined') {
      stage ??= { host: new EventTarget(), document: new EventTarget() }
      const { host } = stage
      this.#set(globalThis, 'document', Object.assign(stage.document, { visibilityState: 'visible', hidden: false }))
      this.#set(globalThis, 'navigator', { onLine: true })
      this.#set(globalThis, 'addEventListener', host.addEventListener.bind(host))
      this.#set(globalThis, 'removeEventListener', host.removeEventListener.bind(host))
      this.#set(globalThis, 'dispatchEvent', host.dispatchEvent.bind(host))
    } else {
      this.#set(document, 'visibilityState', 'visible')
      this.#set(document, 'hidden', false)
      this.#set(navigator, 'onLine', true)
    }
    this.#countListeners(globalThis)
    this.#countListeners(document)
  }

  uninstall(): void {
    for (const restore of this.#restores.splice(0).reverse()) restore()
    this.#listeners = 0
  }

  setOnline(isOnline: boolean): void {
    if (!this.isInstalled || navigator.onLine === isOnline) return
    Object.assign(navigator, { onLine: isOnline })
    dispatchEvent(new Event(isOnline ? 'online' : 'offline'))
  }

  setHidden(isHidden: boolean): void {
    this.#require(isHidden ? 'hide' : 'show')
    Object.assign(document, { visibilityState: isHidden ? 'hidden' : 'visible', hidden: isHidden })
    // It bubbles to the window. The minimal page has no event path.
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
    if (!('defaultView' in document)) dispatchEvent(new Event('visibilitychange'))
  }

  setFrozen(isFrozen: boolean): void {
    this.#require(isFrozen ? 'freeze' : 'resume')
    document.dispatchEvent(new Event(isFrozen ? 'freeze' : 'resume'))
  }

  setStored(isStored: boolean, persisted: boolean): void {
    this.#require(isStored ? 'pageHide' : 'pageShow')
    dispatchEvent(Object.assign(new Event(isStored ? 'pagehide' : 'pageshow'), { persisted }))
  }

  #require(method: string): void {
    if (!this.isInstalled) throw new Error(`${method}() needs a page: call install() of the network first.`)
  }

  #set(target: object, name: string, value: unknown): void {
    this.#restores.push(replace(target, name, value))
  }

  #countListeners(target: EventTarget): void {
    const { addEventListener, removeEventListener } = target
    const counting = (method: typeof addEventListener, change: number): typeof addEventListener =>
      function (this: EventTarget, ...args) {
        if (SIGNALS.has(args[0])) changeCount(change)
        return method.apply(target, args)
      }
    const changeCount = (change: number) => {
      this.#listeners += change
    }
    this.#set(target, 'addEventListener', counting(addEventListener, 1))
    this.#set(target, 'removeEventListener', counting(removeEventListener, -1))
  }
}

const SIGNALS: ReadonlySet<string> = new Set([
  'online',
  'offline',
  'visibilitychange',
  'freeze',
  'resume',
  'pagehide',
  'pageshow',
])

/** Replaces a property of a global object. Returns a function that restores it. */
export function replace(target: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(target, name)
  Object.defineProperty(target, name, { configurable: true, enumerable: true, writable: true, value })
  return () => {
    if (before === undefined) Reflect.deleteProperty(target, name)
    else Object.defineProperty(target, name, before)
  }
}
