interface LinkRules {
  readonly isStalled: () => boolean
  /** It was lost: neither end has left. */
  readonly onCut: () => void
  readonly onEnd: () => void
}

// Nothing arrives while it is being sent, as on any network.
const LATENCY_MS = 5

/** One connection within the page: what is handed over arrives in its order, unless it is held or lost. */
export class PageLink {
  readonly #rules: LinkRules
  readonly #underWay: (() => void)[] = []
  #isGone = false

  constructor(rules: LinkRules) {
    this.#rules = rules
  }

  pass(arrive: () => void): void {
    this.#underWay.push(arrive)
    setTimeout(() => this.goOn(), LATENCY_MS)
  }

  /** What was held arrives. */
  goOn(): void {
    while (!this.#isGone && !this.#rules.isStalled()) {
      const arrive = this.#underWay.shift()
      if (arrive === undefined) return
      arrive()
    }
  }

  cut(): void {
    if (this.end()) this.#rules.onCut()
  }

  /** Returns whether it was not over yet. */
  end(): boolean {
    if (this.#isGone) return false
    this.#isGone = true
    this.#rules.onEnd()
    return true
  }
}
