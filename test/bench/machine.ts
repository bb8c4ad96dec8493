import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { chromiumPath } from '../engines/chromium.ts'

/** Describes the machine, the versions and the date in one line. */
export function machine(): string {
  const cores = cpus()
  const chromium = execFileSync(chromiumPath(), ['--version'], { encoding: 'utf8' }).trim().split(' ').slice(0, 2)
  return [
    `${cores.length} cores (${cores[0]?.model.trim() ?? 'unknown'})`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node ${process.version.slice(1)}`,
    chromium.join(' '),
    new Date().toISOString().slice(0, 10),
  ].join(' · ')
}
