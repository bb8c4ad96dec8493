import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const modules = resolve(import.meta.dirname, '../../node_modules')

/** The name of a package with its installed version, as the tables show it. */
export function versioned(packageName: string): string {
  const { version }: { version: string } = JSON.parse(readFileSync(`${modules}/${packageName}/package.json`, 'utf8'))
  return `${packageName} ${version}`
}
