import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

/** The root folder of the project. */
export const root: string = resolve(import.meta.dirname, '../..')

/** Builds and packs the library into a folder. Returns the path of the tarball. */
export function packLibrary(folder: string): string {
  const pack = ['pack', '--silent', '--pack-destination', folder]
  return join(folder, execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim())
}

/** The result of a program. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program as users do, without the environment of the test runner. */
export function run(program: string, args: readonly string[], cwd: string): Promise<Ran> {
  const { NODE_ENV: _, VITEST: __, ...env } = process.env
  return promisify(execFile)(program, [...args], {
    cwd,
    env: { ...env, NEXT_TELEMETRY_DISABLED: '1', CI: '1' },
    timeout: 120_000,
    maxBuffer: 2 ** 26,
  })
}

/** Why a package could not be installed here. */
export class NotInstallable extends Error {
  override readonly name = 'NotInstallable'
}

const folders: string[] = []

/** Creates a project with these packages in a temporary folder. `tarball` is a version, too. */
export async function createProject(dependencies: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-consumer-'))
  folders.push(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }))
  const flags = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await run('npm', flags, folder).catch((failed: Partial<Ran>) => {
    throw new NotInstallable(failed.stderr?.trim().split('\n')[0] ?? 'npm install failed')
  })
  return folder
}

/** Copies the files of a folder under `test/consumers` into a project. */
export function addFiles(project: string, name: string): void {
  cpSync(join(root, 'test/consumers', name), project, { recursive: true })
}

/** Writes the code blocks of a page that name a file, such as `ts file=app/page.ts`, into a project. */
export function addPrintedFiles(project: string, page: string, only?: string): void {
  const text = readFileSync(join(root, page), 'utf8')
  for (const [, file = '', code = ''] of text.matchAll(/^```\w+ file=(\S+)\n(.*?)^```/gms)) {
    if (only !== undefined && file !== only) continue
    mkdirSync(dirname(join(project, file)), { recursive: true })
    writeFileSync(join(project, file), code)
  }
}

/** Removes all projects. */
export function removeProjects(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}
