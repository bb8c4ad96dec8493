import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { packLibrary, root } from './projects.ts'

/** The framework of each adapter. */
const frameworks = {
  'rxwire/vue': 'vue',
  'rxwire/svelte': 'svelte',
  'rxwire/solid': 'solid-js',
  'rxwire/angular': '@angular',
  'rxwire/signals': '@preact',
}

const own = ['rxjs', 'tslib', '@sinonjs', 'type-detect']
const needed = [...own, 'react', '@tanstack', ...Object.values(frameworks)]

let tarball: string

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-tarball-'))
  tarball = packLibrary(folder)
  return () => rmSync(folder, { recursive: true })
})

/** Creates a project that contains only the packed library and the named packages. */
function installPacked(packages: readonly string[] = needed): string {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-packed-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const installed = join(folder, 'node_modules/rxwire')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: installed })
  for (const name of packages) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

it('loads every entry of the packed library without reading a browser global', () => {
  const folder = installPacked()
  const script = `
    // Loaded first: a global that a peer dependency reads does not count.
    const peers = ['@tanstack/query-core', 'vue', 'svelte', 'svelte/store', 'svelte/reactivity', 'solid-js', '@angular/core',
      '@preact/signals-core']
    for (const peer of peers) await import(peer)
    const read = []
    for (const name of ['window', 'document', 'navigator', 'location', 'localStorage', 'fetch', 'XMLHttpRequest',
      'EventSource', 'WebSocket', 'requestAnimationFrame', 'addEventListener']) {
      Object.defineProperty(globalThis, name, { configurable: true, get: () => void read.push(name) })
    }
    const names = {}
    const entries = ${JSON.stringify(entries().filter((entry) => entry !== 'rxwire/testing'))}
    for (const entry of entries) names[entry] = Object.keys(await import(entry)).sort()
    const result = { read: [...read], names }
    // The package with the fake timers looks at the timers of the host when it is loaded.
    names['rxwire/testing'] = Object.keys(await import('rxwire/testing')).sort()
    console.log(JSON.stringify(result))
  `
  writeFileSync(join(folder, 'load.js'), script)
  const { read, names } = JSON.parse(execFileSync('node', ['load.js'], { cwd: folder, encoding: 'utf8' })) as {
    read: string[]
    names: Record<string, string[]>
  }
  expect(read).toEqual([])
  expect(names).toMatchInlineSnapshot(`
    {
      "rxwire": [
        "CloseError",
        "HttpError",
        "WireError",
        "WireMemory",
        "batch",
        "byteRange",
        "bytes",
        "cancelUpload",
        "connection",
        "createOutbox",
        "createRun",
        "createUploadQueue",
        "decode",
        "exponential",
        "foldWire",
        "fromDurableStream",
        "fromEventSource",
        "fromFetch",
        "fromFetchStream",
        "fromImagePing",
        "fromJsonp",
        "fromLongPoll",
        "fromPlain",
        "fromPoll",
        "fromUpload",
        "fromWebSocket",
        "fromXhr",
        "hint",
        "isWireError",
        "json",
        "limitBurst",
        "lines",
        "logLines",
        "logSocket",
        "messages",
        "nativeEngine",
        "ndjson",
        "networkStatus",
        "offsetHeaders",
        "pingPong",
        "progress",
        "reconnect",
        "reconnecting",
        "retryRequest",
        "runStore",
        "sendBeacon",
        "setHintHandler",
        "shareWire",
        "sse",
        "stallTimeout",
        "tapProgress",
        "text",
        "toAsyncIterable",
        "toPlain",
        "tus",
        "wireStore",
        "withMemory",
        "xhrEngine",
      ],
      "rxwire/angular": [
        "injectEventSource",
        "injectFetchStream",
        "injectUpload",
        "injectWebSocket",
        "injectWire",
      ],
      "rxwire/models": [
        "aiSdkStream",
        "anthropic",
        "openaiChat",
        "openaiResponses",
      ],
      "rxwire/query": [
        "fromQuery",
        "liveQueryOptions",
        "patchQuery",
        "queryConnection",
        "wireQueryOptions",
      ],
      "rxwire/query/react": [
        "WireProvider",
        "useFetch",
        "useQueryConnection",
      ],
      "rxwire/react": [
        "useDurableStream",
        "useEventSource",
        "useFetchStream",
        "useJsonp",
        "useLongPoll",
        "useNetworkStatus",
        "usePoll",
        "useRun",
        "useSuspenseWire",
        "useUpload",
        "useWebSocket",
        "useWire",
        "useXhr",
      ],
      "rxwire/reactive": [
        "NO_COUNTS",
        "addressOf",
        "countsOf",
        "defineEventSource",
        "defineFetchStream",
        "defineUpload",
        "defineWebSocket",
        "defineWire",
        "isServer",
        "keyAt",
        "pauseWhileUnmounted",
        "requestPart",
        "sharedOutbox",
        "toKeyPart",
        "whileWatched",
      ],
      "rxwire/server": [
        "LogError",
        "StoreError",
        "logsOf",
        "memoryLogs",
        "redisLogs",
        "serveLog",
        "serveLogs",
        "serveSocket",
        "sqliteLogs",
        "toNode",
      ],
      "rxwire/signals": [
        "eventSourceSignals",
        "fetchStreamSignals",
        "uploadSignals",
        "webSocketSignals",
        "wireSignals",
      ],
      "rxwire/solid": [
        "createEventSource",
        "createFetchStream",
        "createUpload",
        "createWebSocket",
        "createWire",
      ],
      "rxwire/svelte": [
        "liveEventSource",
        "liveFetchStream",
        "liveUpload",
        "liveWebSocket",
        "liveWire",
      ],
      "rxwire/tabs": [
        "acrossTabs",
        "tabs",
      ],
      "rxwire/testing": [
        "fakeNetwork",
        "recordWire",
        "toMsw",
        "wireMatchers",
      ],
      "rxwire/vue": [
        "useEventSource",
        "useFetchStream",
        "useUpload",
        "useWebSocket",
        "useWire",
      ],
    }
  `)
})

it('needs no query-core, except for the two entries that are named after it', () => {
  const folder = installPacked(needed.filter((name) => name !== '@tanstack'))
  const withoutQueryCore = ['rxwire', 'rxwire/react', 'rxwire/models', 'rxwire/server', 'rxwire/testing']
  const script = `
    const failed = []
    for (const entry of ${JSON.stringify(entries())}) await import(entry).catch(() => failed.push(entry))
    console.log(JSON.stringify(failed))
  `
  writeFileSync(join(folder, 'load.js'), script)
  const failed = JSON.parse(execFileSync('node', ['load.js'], { cwd: folder, encoding: 'utf8' }))
  expect(failed).toEqual(['rxwire/query', 'rxwire/query/react'])
  const code = withoutQueryCore.map((entry, index) => `export * as e${index} from '${entry}'\n`).join('')
  writeFileSync(join(folder, 'consumer.tsx'), code)
  linkReactTypes(folder, '@types/react')
  expect(compile(folder, join(root, 'node_modules/typescript'))).toBe('')
})

/** The entries of the package, as their users import them. */
function entries(): readonly string[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { exports: object }
  const names = Object.keys(exports).filter((path) => path !== './package.json')
  return names.map((path) => path.replace('.', 'rxwire'))
}

it('has a folder for each entry, for resolvers that do not know exports', () => {
  const folder = join(installPacked(), 'node_modules/rxwire')
  const manifests = entries().map((entry) => entry.replace(/^rxwire\/?/, ''))
  expect(manifests.filter((entry) => !existsSync(join(folder, entry, 'package.json')))).toEqual([])
})

it.each(Object.entries(frameworks))('loads %s with its own framework alone, and without it not', (entry, framework) => {
  const load = (packages: readonly string[]) => {
    const folder = installPacked([...own, ...packages])
    writeFileSync(join(folder, 'load.js'), `await import('${entry}')`)
    return spawnSync('node', ['load.js'], { cwd: folder, encoding: 'utf8' }).stderr
  }
  expect(load([framework])).toBe('')
  expect(load([])).toContain('ERR_MODULE_NOT_FOUND')
})

const clientEntries = ['react', 'query/react']

it('marks only the entries for React Server Components as client modules', () => {
  const folder = join(installPacked(), 'node_modules/rxwire/dist')
  const isMarked = (file: string) => readFileSync(join(folder, file), 'utf8').startsWith("'use client';\n")
  const trees = clientEntries.flatMap((entry) => [`adapters/${entry}`, `production/adapters/${entry}`])
  const expected = trees.map((tree) => `${tree}/client.js`)
  expect(globSync('**/*.js', { cwd: folder }).filter(isMarked).sort()).toEqual(expected.sort())
})

it.each(clientEntries)('exports the same names from rxwire/%s to React Server Components', (entry) => {
  const folder = installPacked()
  const script = `
    const server = await import('./node_modules/rxwire/dist/adapters/${entry}/client.js')
    const browser = await import('rxwire/${entry}')
    console.log(JSON.stringify([Object.keys(server), Object.keys(browser)]))`
  writeFileSync(join(folder, 'names.js'), script)
  const [server, browser] = JSON.parse(execFileSync('node', ['names.js'], { cwd: folder, encoding: 'utf8' }))
  expect(server).toEqual(browser)
})

const newest = createRequire(import.meta.url)
// The oldest TypeScript that can read the published types. @arethetypeswrong/core depends on it.
const oldest = createRequire(newest.resolve('@arethetypeswrong/core'))
const compilers = [newest, oldest].map((from) => dirname(from.resolve('typescript/package.json')))

it.each(compilers.flatMap((compiler) => [18, 19].map((react) => [versionOf(compiler), react, compiler] as const)))(
  'compiles with TypeScript %s and the types of React %i',
  (_, react, compiler) => {
    const folder = installPacked()
    linkReactTypes(folder, react === 18 ? '@types/react-18' : '@types/react')
    cpSync(join(import.meta.dirname, 'consumer.tsx'), join(folder, 'consumer.tsx'))
    expect(compile(folder, compiler)).toBe('')
  },
)

it('compiles with a module resolution that does not know exports', () => {
  const folder = installPacked()
  const code = `import { fromFetch } from 'rxwire'
  import { useEventSource } from 'rxwire/react'
  export const used: readonly [typeof fromFetch, typeof useEventSource] = [fromFetch, useEventSource]`
  writeFileSync(join(folder, 'old.ts'), code)
  symlinkSync(join(root, 'node_modules/@types'), join(folder, 'node_modules/@types'))
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--module',
    'esnext',
    '--types',
    'react',
  ]
  const compiler = join(dirname(oldest.resolve('typescript/package.json')), 'bin/tsc')
  const args = [compiler, ...options, '--moduleResolution', 'node', 'old.ts']
  expect(spawnSync('node', args, { cwd: folder, encoding: 'utf8' }).stdout).toBe('')
})

function linkReactTypes(folder: string, types: string): void {
  mkdirSync(join(folder, 'node_modules/@types'))
  symlinkSync(join(root, 'node_modules', types), join(folder, 'node_modules/@types/react'))
}

/** Compiles `consumer.tsx` of a project. Returns the errors. */
function compile(folder: string, compiler: string): string {
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'preserve',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    types: ['react'],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.tsx'] }))
  return spawnSync('node', [join(compiler, 'bin/tsc'), '-p', folder], { encoding: 'utf8' }).stdout
}

function versionOf(packageFolder: string): string {
  return JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).version
}
