import { mkdtempSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { memoryLogs, serveLog, toNode } from '../../adapters/server/index.ts'
import type { ServeFirst } from './serve-consumer.ts'

/** What the model of `/api/chat` answers. */
const ANSWER = 'Because short waves scatter more.'

/**
 * The server behind the examples of the README: a feed at `/api/ticks`, a model at `/api/chat`, tus at `/api/files`. Returns a
 * handler that resolves with `false` for other requests.
 */
export function serveReadme(): ServeFirst {
  const log = memoryLogs({ maxItems: 100 }).open<{ at: number; price: number }>('ticks')
  let at = 0
  setInterval(() => {
    at += 1
    return log.append([{ at, price: at / 4 }])
  }, 50).unref()
  const ticks = toNode(serveLog(log, { start: 'earliest' }))

  const path = '/api/files'
  const uploads = new Server({
    path,
    datastore: new FileStore({ directory: mkdtempSync(join(tmpdir(), 'rxwire-uploads-')) }),
    relativeLocation: true,
  })

  return async (request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/api/ticks') await ticks(request, response)
    else if (pathname === '/api/chat') await answer(response)
    else if (pathname.startsWith(path)) await uploads.handle(request, response)
    else return false
    return true
  }
}

/** Streams an answer as Chat Completions of OpenAI, word by word. */
async function answer(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const word of ANSWER.split(/(?<= )/)) {
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: word } }] })}\n\n`)
    await sleep(10)
  }
  response.end('data: [DONE]\n\n')
}
