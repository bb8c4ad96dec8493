import type { BrowserConfigOptions } from 'vitest/node'

/** A browser engine that the tests can run in. */
export interface Engine {
  /** Also the name of its Vitest project. */
  readonly name: EngineName
  /** As people call it. */
  readonly title: string
  /** What must be on the machine: all of it, or the engine is not there. */
  readonly programs: readonly Program[]
  /** How Vitest drives it. Made anew for each project, since Vitest writes into what it is given. */
  readonly browser: () => BrowserConfigOptions
}

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** A program, and the Debian package that brings it. */
export interface Program {
  readonly debianPackage: string
  /** Where it is; `undefined` if it is not installed. */
  readonly find: () => string | undefined
}

/** Where a program is, for whoever cannot go on without. */
export function pathOf({ debianPackage, find }: Program): string {
  const path = find()
  if (path === undefined) throw new Error(`A program is missing. On Debian: apt-get install ${debianPackage}`)
  return path
}

/** The Debian packages that an engine still needs; none if it is there. */
export function missingPackages({ programs }: Engine): readonly string[] {
  return programs.filter(({ find }) => find() === undefined).map(({ debianPackage }) => debianPackage)
}
