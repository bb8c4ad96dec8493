import { globSync } from 'node:fs'
import { findProgram } from '../server/programs.ts'
import type { Program } from './engine.ts'

export const driver: Program = { debianPackage: 'webkit2gtk-driver', find: () => findProgram('WebKitWebDriver') }

/** The browser of WebKit's own tests. It is part of the library that the driver belongs to. */
export const miniBrowser: Program = {
  debianPackage: driver.debianPackage,
  find: () => globSync('/usr/lib/*/webkit2gtk-4.*/MiniBrowser')[0],
}

export const display: Program = { debianPackage: 'xvfb', find: () => findProgram('Xvfb') }
