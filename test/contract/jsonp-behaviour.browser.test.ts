import { fromJsonp, type JsonpOptions, json } from 'rxwire'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backend } from '../backend.ts'
import { unable } from '../engines/limits.ts'
import { quick } from '../quick.ts'
import { record } from '../record.ts'
import type { Misdeed } from '../server/routes/jsonp-evil.ts'

/** What frames and scripts could leave behind in the page. */
function traces(): { frames: number; scripts: number; globals: string[] } {
  return {
    frames: document.querySelectorAll('iframe').length,
    scripts: document.scripts.length,
    globals: Object.keys(globalThis),
  }
}

/** Stores a secret in the cookies, the storage and a global variable of the page. */
function keepSecret(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: The Cookie Store wants https.
  document.cookie = 'secret=in-a-cookie; path=/; max-age=60'
  localStorage.setItem('secret', 'in the storage')
  Object.assign(globalThis, { secret: 'in a variable' })
  onTestFinished(() => {
    localStorage.removeItem('secret')
    for (const name of ['secret', 'leftBehind']) Reflect.deleteProperty(globalThis, name)
  })
}

/** Moves a URL to the host of the page, so that the browser sends the cookies of the page. */
function onHostOfPage(address: string): URL {
  const url = new URL(address)
  url.hostname = location.hostname
  return url
}

describe.each([true, false])('fromJsonp, isolate: %s', (isolate) => {
  const request = <T = unknown>(url: string | URL, options: JsonpOptions<T> = {}) =>
    fromJsonp(url, { decode: json<T>(), isolate, retry: false, ...options })

  it('delivers the argument of the callback and completes', async () => {
    const answer = '{ name: "Ada", born: new Date(0), friends: new Map([["Charles", 1791]]) }'
    const session = record(request(backend().url('/jsonp/answer', { answer })))
    expect(await session.ended()).toBe('complete')
    expect(session.events).toEqual([
      { type: 'connecting', attempt: 0 },
      { type: 'open' },
      { type: 'message', data: { name: 'Ada', born: new Date(0), friends: new Map([['Charles', 1791]]) } },
      { type: 'close', wasClean: true },
    ])
  })

  it('delivers the return value of the decode function and fails when it throws', async () => {
    const url = backend().url('/jsonp/answer', { answer: '[1, 2]' })
    const sum = (numbers: unknown) => (numbers as number[]).reduce((left, right) => left + right)
    const decoded = record(request(url, { decode: sum }))
    expect(await decoded.ended()).toBe('complete')
    expect(decoded.data()).toEqual([3])
    const refuse = () => {
      throw new RangeError('too many')
    }
    const refused = record(request(url, { decode: refuse }))
    expect(await refused.ended()).toMatchObject({ kind: 'decode', message: expect.stringContaining('too many') })
  })

  it('sends the same callback name each time in the parameter callbackParam', async () => {
    const server = backend()
    const url = server.url('/jsonp/answer', { param: 'jsonp' })
    for (const _ of [1, 2]) {
      expect(await record(request(url, { callbackParam: 'jsonp', query: { q: 'a&b' } })).ended()).toBe('complete')
    }
    const [first, second] = (await server.stats()).seen
    expect(new URL(first?.url ?? '', url).searchParams.get('q')).toBe('a&b')
    expect(second?.url).toBe(first?.url)
  })

  it('calls the name that a server has fixed', async () => {
    const url = backend().url('/http/text', { type: 'text/javascript', body: 'showData({ a: 1 })' })
    const session = record(request(url, { callbackName: 'showData' }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([{ a: 1 }])
    expect(() => request(url, { callbackName: 'a.b' })).toThrow('callbackName must be an identifier')
  })

  it('sends the page only a message that other listeners can parse and ignore', async () => {
    const heard: unknown[] = []
    const listen = ({ data }: MessageEvent) => typeof data === 'string' && heard.push(JSON.parse(data))
    addEventListener('message', listen)
    onTestFinished(() => removeEventListener('message', listen))
    expect(await record(request(backend().url('/jsonp/answer'))).ended()).toBe('complete')
    expect(heard).toEqual([{}])
  })

  it('works on a page, and with a script, that replace postMessage', async () => {
    const { postMessage: original } = globalThis
    globalThis.postMessage = () => {
      throw new Error('replaced')
    }
    onTestFinished(() => {
      globalThis.postMessage = original
    })
    const body = 'MessagePort.prototype.postMessage = window.postMessage = null; rxwire(1)'
    const url = backend().url('/http/text', { type: 'text/javascript', body })
    const session = record(request(url))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([1])
  })

  it('requests a url with special characters unchanged', async () => {
    const answer = '"</script><script>alert(1)</script>\u2028\u2029\'`$1<!--"'
    const session = record(request(backend().url('/jsonp/answer', { answer, '"><b>': '</script>' })))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([JSON.parse(answer)])
  })

  it.each([
    ['an error response', '/jsonp/answer?status=404', 'network', true, 'script'],
    ['a response that is not a script', '/http/text', 'network', true, 'script'],
    ['a script that does not call the callback', '/jsonp/no-call', 'decode', false, 'callbackParam'],
    ['a script that throws', '/jsonp/broken', 'decode', false, 'threw an error'],
    ['a script that does not parse', '/jsonp/broken?unfinished=1', 'decode', false, 'threw an error'],
    ['a function as the argument', '/jsonp/answer?answer=()=>1', 'decode', false, 'cannot be cloned .*DataCloneError'],
  ])('fails on %s', async (_, path, kind, retryable, words) => {
    const before = traces()
    const session = record(request(backend().url(path)))
    const message = expect.stringMatching(`GET http.*${path.replace(/\?.*/, '')}.*${words}`)
    expect(await session.ended()).toMatchObject({ kind, retryable, message })
    expect(session.types()).toEqual(['connecting'])
    expect(traces()).toEqual(before)
  })

  it('fails on a refused connection and after timeoutMs without a response', async () => {
    const proxy = await backend().proxy()
    await proxy.order({ passage: 'refusing' })
    expect(await record(request(proxy.url('/jsonp/answer'))).ended()).toMatchObject({ kind: 'network' })
    const before = traces()
    const silent = record(request(backend().url('/http/held', { mute: 1 }), { timeoutMs: 300 }))
    expect(await silent.ended()).toMatchObject({ kind: 'timeout', retryable: true })
    expect(traces()).toEqual(before)
  })

  it('retries in a new frame', async () => {
    const before = traces()
    const url = backend().url('/jsonp/answer', { status: 503, times: 2 })
    const session = record(request(url, { retry: quick }))
    expect(await session.ended()).toBe('complete')
    expect(session.types().filter((type) => type === 'waiting')).toHaveLength(2)
    expect(traces()).toEqual(before)
  })

  it.each(['connecting', 'open', 'message', 'close'])('cleans up the page after an unsubscribe at `%s`', async (at) => {
    const before = traces()
    const session = record(request(backend().url('/jsonp/answer')), ({ type }) => {
      if (type === at) queueMicrotask(() => session.stop())
    })
    await session.until(at as 'open')
    await expect.poll(traces).toEqual(before)
  })

  it('emits nothing more after an unsubscribe at `open`', async () => {
    const session = record(request(backend().url('/jsonp/answer')), ({ type }) => {
      if (type === 'open') session.stop()
    })
    await session.until('open')
    expect(session.types()).toEqual(['connecting', 'open'])
    expect(session.end).toBeUndefined()
  })

  it('removes the frame and aborts the request when the subscriber unsubscribes', async () => {
    const server = backend()
    const before = traces()
    const session = record(request(server.url('/http/held', { mute: 1 })))
    await expect.poll(async () => (await server.stats()).open).toBe(1)
    expect(traces().frames).toBe(before.frames + 1)
    session.stop()
    expect(traces()).toEqual(before)
    await server.expectNoConnections()
  })

  it('delivers each of many concurrent responses to its own subscriber', async () => {
    const server = backend()
    const before = traces()
    const sessions = Array.from({ length: 12 }, (_, index) =>
      record(request(server.url('/jsonp/answer', { answer: index }))),
    )
    for (const [index, session] of sessions.entries()) {
      expect(await session.ended()).toBe('complete')
      expect(session.data()).toEqual([index])
    }
    expect(traces()).toEqual(before)
  })

  it('ignores other messages to the page while its frame is loading', async () => {
    const errors: string[] = []
    const keep = ({ message }: ErrorEvent) => errors.push(message)
    addEventListener('error', keep)
    const talk = setInterval(() => postMessage('of something else'))
    onTestFinished(() => {
      clearInterval(talk)
      removeEventListener('error', keep)
    })
    const session = record(request(backend().url('/jsonp/answer')))
    expect(await session.ended()).toBe('complete')
    expect(errors).toEqual([])
  })

  it('ignores forged messages of a script in its frame', async () => {
    // The script removes its load handler, so it can call back at any later time.
    const body = `
      document.currentScript.onload = null
      const { port1, port2 } = new MessageChannel()
      port1.postMessage(['called', 'forged'])
      parent.parent.postMessage('', '*', [port2])
      parent.parent.postMessage(['called', 'forged'], '*')
      setTimeout(() => rxwire('called'), 300)
    `
    const session = record(request(backend().url('/http/text', { type: 'text/javascript', body })))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual(['called'])
  })

  it('ignores forged messages of the page', async () => {
    const server = backend()
    const session = record(request(server.url('/http/held', { mute: 1 })))
    await expect.poll(async () => (await server.stats()).open).toBe(1)
    const { port1, port2 } = new MessageChannel()
    postMessage('', '*', [port2])
    port1.postMessage(['called', 'forged'])
    postMessage(['called', 'forged'], '*')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(session.types()).toEqual(['connecting'])
  })
})

describe('fromJsonp', () => {
  const evil = (isolate: boolean) =>
    record(fromJsonp(onHostOfPage(backend().url('/jsonp/evil')), { decode: json<Misdeed[]>(), isolate, retry: false }))

  it('denies a hostile script access to the page and accepts one call', async () => {
    keepSecret()
    const before = traces()
    const session = evil(true)
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toHaveLength(1)
    for (const misdeed of session.data()[0] ?? []) expect(misdeed.got, misdeed.deed).toBeNull()
    expect(traces()).toEqual(before)
  })

  it('exposes the page to a hostile script without isolation and accepts one call', async () => {
    keepSecret()
    const session = evil(false)
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toHaveLength(1)
    const got = Object.fromEntries(session.data()[0]?.map(({ deed, got }) => [deed, got]) ?? [])
    expect(got).toMatchObject({
      'read its cookies': expect.stringContaining('secret=in-a-cookie'),
      'read its storage': 'in the storage',
      'read its variables': 'in a variable',
      'leave something behind': 'a variable',
    })
    expect(globalThis).toHaveProperty('leftBehind', 'a variable')
  })

  for (const { isolate, sent, because } of [
    { isolate: true, sent: false, because: unable('withhold cookies from a sandbox') },
    { isolate: false, sent: true, because: '' },
  ]) {
    it.skipIf(because !== '')(
      `${sent ? 'sends' : 'does not send'} the cookies of the page with isolate: ${isolate}${because}`,
      async () => {
        keepSecret()
        const url = onHostOfPage(backend().url('/jsonp/answer', { header: 'cookie' }))
        const session = record(fromJsonp(url, { decode: json<string>(), isolate, retry: false }))
        expect(await session.ended()).toBe('complete')
        expect(session.data()[0]?.includes('secret=in-a-cookie')).toBe(sent)
      },
    )
  }

  for (const { isolate, count, because } of [
    { isolate: true, count: 3, because: unable('partition the cache by sandbox') },
    { isolate: false, count: 1, because: '' },
  ]) {
    const name = `sends ${count} of 3 requests for a cacheable script with isolate: ${isolate}${because}`
    it.skipIf(because !== '')(name, async () => {
      const server = backend()
      const url = server.url('/jsonp/answer', { cached: 1 })
      for (const _ of [1, 2, 3]) expect(await record(fromJsonp(url, { isolate })).ended()).toBe('complete')
      expect((await server.stats()).seen).toHaveLength(count)
    })
  }

  const ofModule = unable('confine a WebAssembly module to its sandbox')
  it.skipIf(ofModule !== '')(`fails on a value that cannot be transferred to the page${ofModule}`, async () => {
    // [spec] A WebAssembly module can be cloned, and only within an agent cluster.
    const answer = 'new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))'
    const session = record(fromJsonp(backend().url('/jsonp/answer', { answer })))
    expect(await session.ended()).toMatchObject({
      kind: 'decode',
      message: expect.stringContaining('cannot be cloned'),
    })
  })

  it('hides the URL of the page from an isolated script', async () => {
    const answer = '[document.baseURI, document.URL]'
    const session = record(fromJsonp(backend().url('/jsonp/answer', { answer }), { decode: json<string[]>() }))
    expect(await session.ended()).toBe('complete')
    expect(location.href).not.toBe(`${location.origin}/`)
    expect(session.data()).toEqual([['about:blank', 'about:srcdoc']])
  })

  const ofReferrer = unable('hide the referrer from a frame')
  it.skipIf(ofReferrer !== '')(`hides the referrer from an isolated script${ofReferrer}`, async () => {
    const session = record(
      fromJsonp(backend().url('/jsonp/answer', { answer: 'document.referrer' }), { decode: json<string>() }),
    )
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([''])
  })

  it('sends no Referer header for an isolated script', async () => {
    const session = record(fromJsonp(backend().url('/jsonp/answer', { header: 'referer' }), { decode: json<string>() }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()).toEqual([''])
  })

  it('isolates the script by default', async () => {
    keepSecret()
    const session = record(fromJsonp(backend().url('/jsonp/evil'), { decode: json<Misdeed[]>() }))
    expect(await session.ended()).toBe('complete')
    expect(session.data()[0]?.every(({ got }) => got === null)).toBe(true)
  })

  it.each([
    ['an invalid url', () => fromJsonp('http://['), /url/],
    ['an empty callbackParam', () => fromJsonp('/', { callbackParam: '' }), /callbackParam/],
    ['a nonce that is not a string', () => fromJsonp('/', { nonce: 1 as never }), /nonce/],
    ['an invalid isolate', () => fromJsonp('/', { isolate: 'half' as never }), /isolate/],
    ['an invalid decoder', () => fromJsonp('/', { decode: 1 as never }), /decode/],
    ['a timeoutMs of 0', () => fromJsonp('/', { timeoutMs: 0 }), /timeoutMs/],
  ])('throws on %s', (_, call, words) => {
    expect(call).toThrow(TypeError)
    expect(call).toThrow(words)
  })
})
