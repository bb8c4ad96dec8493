import { fetchEventSource } from '@microsoft/fetch-event-source'
import { EventSource } from 'eventsource'
import { createParser } from 'eventsource-parser'
import { fromEventSource, messages } from 'rxwire'
import type { Fetch } from './memory-fetch.ts'

/** The url of a feed, and the `fetch` that loads it. */
export interface Feed {
  readonly url: string
  readonly fetch: Fetch
}

/** Reads a feed and passes the data of each event to `take`, until `take` returns true. */
export type ReadFeed = (feed: Feed, take: (data: string) => boolean) => Promise<void>

export const readByRxwire: ReadFeed = ({ url, fetch }, take) =>
  new Promise((resolve, reject) => {
    const reading = fromEventSource(url, { fetch })
      .pipe(messages())
      .subscribe({
        next: (data) => {
          if (!take(data)) return
          reading.unsubscribe()
          resolve()
        },
        error: reject,
      })
  })

/** The minimal reader: the parts that all others are built on, and nothing else. */
export const readByRawLoop: ReadFeed = (feed, take) =>
  readRaw(feed, take, async (body, push) => {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (push(read.value)) return reader.cancel()
    }
  })

/** The same with a `TextDecoder` instead of a `TextDecoderStream`, so without a pipe. */
export const readByRawDecoder: ReadFeed = (feed, take) =>
  readRaw(feed, take, async (body, push) => {
    const decoder = new TextDecoder()
    const reader = body.getReader()
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      if (push(decoder.decode(read.value, { stream: true }))) return reader.cancel()
    }
  })

async function readRaw(
  { url, fetch }: Feed,
  take: (data: string) => boolean,
  readBody: (body: ReadableStream<Uint8Array<ArrayBuffer>>, push: (text: string) => boolean) => Promise<void>,
): Promise<void> {
  const response = await fetch(url, { headers: { accept: 'text/event-stream' } })
  if (response.body === null) throw new Error('The feed has no body.')
  let isDone = false
  const parser = createParser({
    onEvent: ({ data }) => {
      isDone ||= take(data)
    },
  })
  await readBody(response.body, (text) => {
    parser.feed(text)
    return isDone
  })
}

export const readByEventSource: ReadFeed = ({ url, fetch }, take) =>
  new Promise((resolve, reject) => {
    const source = new EventSource(url, { fetch: (to, init) => fetch(to, { ...init, signal: init.signal ?? null }) })
    source.onmessage = ({ data }) => {
      if (!take(data)) return
      source.close()
      resolve()
    }
    source.onerror = ({ message }) => reject(new Error(message))
  })

/** The library expects a page, so `window` and `document` are stubbed while it reads. */
export const readByFetchEventSource: ReadFeed = async ({ url, fetch }, take) => {
  const page = { window: globalThis, document: new EventTarget() }
  Object.assign(globalThis, page)
  const leaving = new AbortController()
  try {
    await fetchEventSource(url, {
      signal: leaving.signal,
      openWhenHidden: true,
      fetch: (to, init) => fetch(to instanceof Request ? to.url : to, init),
      onmessage: ({ data }) => {
        if (take(data)) leaving.abort()
      },
      onerror: (error) => {
        throw error
      },
    })
  } finally {
    for (const name of Object.keys(page)) Reflect.deleteProperty(globalThis, name)
  }
}

/** Yields the data of the events one by one. */
export async function* rawEvents({ url, fetch }: Feed): AsyncGenerator<string> {
  const { body } = await fetch(url, { headers: { accept: 'text/event-stream' } })
  let events: string[] = []
  const parser = createParser({ onEvent: ({ data }) => events.push(data) })
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    parser.feed(text)
    yield* events
    events = []
  }
}
