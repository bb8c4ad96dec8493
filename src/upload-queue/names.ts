/** Gives every upload of a queue a name of its own, also where two have the same file. */
export class Names<Owner> {
  readonly #owners = new Map<string, Owner>()
  readonly #isLive: (owner: Owner) => boolean

  /** @param isLive Whether an owner still has a use for its name. */
  constructor(isLive: (owner: Owner) => boolean) {
    this.#isLive = isLive
  }

  /** The name that is wanted, or the first one like it that is free: on another page, it is free again. */
  claim(owner: Owner, wanted: string): string {
    for (let nth = 1; ; nth += 1) {
      const name = nth === 1 ? wanted : `${wanted} (${nth})`
      const holder = this.#owners.get(name)
      if (holder !== undefined && this.#isLive(holder)) continue
      this.#owners.set(name, owner)
      return name
    }
  }
}
