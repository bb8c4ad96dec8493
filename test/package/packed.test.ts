import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const needed = ['rxjs', 'tslib', 'react', '@tanstack', 'eventsource-parser']

/** A project with nothing in it but the packed library and what that needs. */
function installPacked(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rxwire-packed-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  execFileSync('npm', ['run', 'build', '--silent'], { cwd: root })
  const tarball = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  }).trim()
  execFileSync('tar', ['-xzf', tarball], { cwd: folder })
  mkdirSync(join(folder, 'node_modules'))
  cpSync(join(folder, 'package'), join(folder, 'node_modules/rxwire'), { recursive: true })
  for (const name of needed) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return folder
}

it('loads every entry of the packed library without reading a global of the browser', () => {
  const folder = installPacked()
  const script = `
    // What a peer reads is its own business.
    await import('@tanstack/query-core')
    const read = []
    for (const name of ['window', 'document', 'navigator', 'location', 'localStorage', 'fetch', 'XMLHttpRequest',
      'EventSource', 'WebSocket', 'requestAnimationFrame', 'addEventListener']) {
      Object.defineProperty(globalThis, name, { configurable: true, get: () => void read.push(name) })
    }
    const names = {}
    for (const entry of ['rxwire', 'rxwire/react', 'rxwire/query']) names[entry] = Object.keys(await import(entry)).sort()
    console.log(JSON.stringify({ read, names }))
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
        "batch",
        "bytes",
        "cancelUpload",
        "connection",
        "createOutbox",
        "createUploadQueue",
        "decode",
        "exponential",
        "foldWire",
        "fromAttempt",
        "fromEventSource",
        "fromFetch",
        "fromFetchStream",
        "fromImagePing",
        "fromJsonp",
        "fromLongPoll",
        "fromPoll",
        "fromUpload",
        "fromWebSocket",
        "fromXhr",
        "isWireError",
        "limitBurst",
        "lines",
        "messages",
        "ndjson",
        "networkStatus",
        "offsetHeaders",
        "progress",
        "reconnect",
        "reconnecting",
        "retryRequest",
        "sendBeacon",
        "setHintHandler",
        "shareWire",
        "sse",
        "stallTimeout",
        "tapProgress",
        "text",
        "toAsyncIterable",
        "tus",
        "wireStore",
      ],
      "rxwire/query": [
        "fromQuery",
        "liveQueryOptions",
        "patchQuery",
        "wireQueryOptions",
      ],
      "rxwire/react": [
        "WireProvider",
        "useEventSource",
        "useFetch",
        "useFetchStream",
        "useJsonp",
        "useLongPoll",
        "useNetworkStatus",
        "usePoll",
        "useSuspenseWire",
        "useUpload",
        "useWebSocket",
        "useWire",
        "useXhr",
      ],
    }
  `)
})

it('marks whatever uses React as the business of a client, and nothing else', () => {
  const folder = join(installPacked(), 'node_modules/rxwire/dist')
  const marks = globSync('**/*.js', { cwd: folder }).map((file) => {
    const code = readFileSync(join(folder, file), 'utf8')
    return { file, usesReact: /from 'react'/.test(code), isMarked: code.startsWith("'use client';\n") }
  })
  expect(marks.filter(({ usesReact }) => usesReact).length).toBeGreaterThan(10)
  for (const { file, usesReact, isMarked } of marks) {
    // A hook that only uses other hooks is one of them.
    if (usesReact) expect(isMarked, file).toBe(true)
    if (isMarked) expect(file).toMatch(/^adapters\/react\/(use-|wire-provider)/)
  }
})
