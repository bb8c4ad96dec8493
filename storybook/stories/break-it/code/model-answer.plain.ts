import { useEffect, useState } from 'react'

export function useAnswer(url: string, getToken: () => Promise<string>, onWord: (word: string, id: string) => void) {
  const [connection, setConnection] = useState('connecting')

  useEffect(() => {
    const controller = new AbortController()

    async function ask() {
      setConnection('connecting')
      const headers = { authorization: `Bearer ${await getToken()}` }
      const response = await fetch(url, { headers, signal: controller.signal })
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`)
      setConnection('open')
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
      let rest = ''
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        const events = (rest + value).split('\n\n')
        rest = events.pop() ?? ''
        for (const event of events) {
          const data = event.match(/^data: (.*)$/m)?.[1] ?? ''
          const id = event.match(/^id: (.*)$/m)?.[1] ?? ''
          if (data === '[DONE]') return
          onWord(JSON.parse(data).text, id)
        }
      }
    }

    ask().then(
      () => setConnection('closed'),
      () => controller.signal.aborted || setConnection('failed'),
    )
    return () => controller.abort()
  }, [url, getToken, onWord])

  return { connection }
}
