import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Whether Debian packages can be installed here without asking anybody. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
}

export function installPackages(packages: readonly string[]): void {
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages])
}

/** Runs a command that fetches something, and says so. */
export function run(command: string, args: readonly string[]): void {
  console.info(`Not here yet: ${command} ${args.join(' ')}`)
  execFileSync(command, args, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
}
