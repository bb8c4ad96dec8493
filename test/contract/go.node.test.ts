import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { fromEventSource, fromFetchStream, sse } from 'rxwire'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import { findProgram, freePort, type RunningProgram, startProgram } from '../server/programs.ts'

const go = findProgram('go')
const because = go === undefined ? ' (skipped: Go is not installed; on Debian: apt-get install golang-go)' : ''
// The first build also compiles the standard library.
const BUILD_LIMIT_MS = 300_000

const WORDS = 'the ships had long learned to do without it'.split(' ')
const post = { method: 'POST', body: WORDS.join(' ') }

describe.skipIf(go === undefined)(`with a real server in Go${because}`, () => {
  let folder: string
  let server: RunningProgram | undefined
  let origin: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxwire-go-'))
    const program = join(folder, 'server')
    await promisify(execFile)(go ?? '', ['build', '-o', program, resolve(import.meta.dirname, 'go-sse-server.go')])
    const port = await freePort()
    server = await startProgram(program, [String(port)], port)
    origin = `http://127.0.0.1:${port}`
  }, BUILD_LIMIT_MS)
  afterAll(async () => {
    await server?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const expectNobody = () => expect.poll(async () => (await fetch(`${origin}/open`)).text()).toBe('0')

  it('fromFetchStream posts, reads the response and completes at its end', async () => {
    const session = record(fromFetchStream(`${origin}/answer`, { ...post, decode: sse() }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual(WORDS.map((data, index) => ({ data, name: 'word', id: String(index + 1) })))
    expect(session.events.at(-1)).toEqual({ type: 'close', wasClean: true })
  })

  it('fromEventSource resumes a POST until the server responds with 204', async () => {
    const options = { ...post, resume: true, events: ['word'], reconnect: quick }
    const session = record(fromEventSource(`${origin}/answer?words=4`, options))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual(WORDS)
    expect(session.types().filter((type) => type === 'open')).toHaveLength(Math.ceil(WORDS.length / 4))
  })

  it('fromEventSource posts once without `resume`', async () => {
    const session = record(fromEventSource(`${origin}/answer?words=4`, { ...post, reconnect: quick }))
    expect(await session.ended()).toMatchObject({ kind: 'closed', wasClean: true })
    expect(session.data()).toEqual(WORDS.slice(0, 4))
  })

  it('unsubscribing ends the request on the server', async () => {
    const session = record(fromFetchStream(`${origin}/answer?everyMs=600000`, { ...post, decode: sse() }))
    await session.until('message')
    expect(await (await fetch(`${origin}/open`)).text()).toBe('1')
    session.stop()
    await expectNobody()
  })
})
