import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { setTimeout } from 'node:timers/promises'
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

const LOOK_MS = 3_000
// A browser that idles next to a benchmark takes about 0.02.
const MAX_BUSY = 0.08

/** Measures how much of all cores other programs use, before a benchmark starts. Resolves with a fraction. */
export async function busyFraction(): Promise<number> {
  const before = coreTimes()
  await setTimeout(LOOK_MS)
  const after = coreTimes()
  return 1 - (after.idle - before.idle) / (after.total - before.total)
}

/** Whether other programs use so much of the machine that results are not comparable. */
export function isBusy(fraction: number): boolean {
  return fraction > MAX_BUSY
}

function coreTimes(): { readonly idle: number; readonly total: number } {
  const all = cpus().map(({ times }) => times)
  const sum = (of: (times: (typeof all)[number]) => number) => all.reduce((total, times) => total + of(times), 0)
  return {
    idle: sum(({ idle }) => idle),
    total: sum(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq),
  }
}
