import type { BrowserConfigOptions } from 'vitest/node'

/** A browser engine that the tests can run in. */
export interface Engine {
  /** Also the name of its Vitest project. */
  readonly name: EngineName
  /** The display name. */
  readonly title: string
  /** The programs that must be installed. The engine is available only if all of them are. */
  readonly programs: readonly Program[]
  /** How Vitest drives the engine. Creates a new object for each project, because Vitest modifies the options. */
  readonly browser: () => BrowserConfigOptions
}

export type EngineName = 'chromium' | 'firefox' | 'webkit'

/** A program, and the Debian package that installs it. */
export interface Program {
  readonly debianPackage: string
  /** Returns the path; `undefined` if the program is not installed. */
  readonly find: () => string | undefined
}

/** Returns the path of a required program. Throws if it is not installed. */
export function pathOf({ debianPackage, find }: Program): string {
  const path = find()
  if (path === undefined) throw new Error(`A program is missing. On Debian: apt-get install ${debianPackage}`)
  return path
}

/** Returns the Debian packages that an engine still needs; none if it is available. */
export function missingPackages({ programs }: Engine): readonly string[] {
  return programs.filter(({ find }) => find() === undefined).map(({ debianPackage }) => debianPackage)
}
